import { useEffect, useId, useRef, type JSX, type ReactNode } from "react";

interface DialogProps {
  readonly title: string;
  /** Left out where nothing leads back to the page. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

/** A modal dialog: the browser keeps the focus inside, and gives it back afterwards. */
export function Dialog({ title, onClose, children }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      role={onClose ? undefined : "alertdialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClose={(event) => {
        // A browser lets nobody be kept in: the second Escape closes whatever was said before.
        if (onClose) onClose();
        else if (event.currentTarget.isConnected) event.currentTarget.showModal();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}
