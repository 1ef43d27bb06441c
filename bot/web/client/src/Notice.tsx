import type { JSX, ReactNode } from "react";

import { Icon } from "./icons.tsx";

interface NoticeProps {
  readonly tone: "plain" | "bad";
  readonly children: ReactNode;
  readonly onClose?: () => void;
}

/** One sentence that matters now; said aloud at once where something went wrong. */
export function Notice({ tone, children, onClose }: NoticeProps): JSX.Element {
  return (
    <div className="notice" data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <span>{children}</span>
      {onClose && (
        <button type="button" className="icon-button" aria-label="Dismiss" onClick={onClose}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
