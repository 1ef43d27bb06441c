import "@excalidraw/excalidraw/index.css";
import "../excalidraw/excalidraw.css";

import { Excalidraw, FONT_FAMILY, MainMenu } from "@excalidraw/excalidraw";
import type { ExcalidrawInitialDataState, UIOptions } from "@excalidraw/excalidraw/types";
import { memo, type JSX } from "react";

import type { Theme } from "../theme.ts";
import type { LiveBoard } from "./live.ts";

const INITIAL: ExcalidrawInitialDataState = {
  appState: {
    currentItemRoughness: 0,
    currentItemFontFamily: FONT_FAMILY.Nunito,
    currentItemFontSize: 18,
    viewBackgroundColor: "#ffffff",
  },
};

const OFFERED: Partial<UIOptions> = {
  canvasActions: {
    changeViewBackgroundColor: false,
    export: false,
    loadScene: false,
    saveToActiveFile: false,
    toggleTheme: false,
  },
  tools: { image: false },
};

interface CanvasProps {
  readonly board: LiveBoard;
  readonly theme: Theme;
  readonly readOnly: boolean;
}

/** Excalidraw, without what leads off the page. */
export const Canvas = memo(function Canvas({ board, theme, readOnly }: CanvasProps): JSX.Element {
  return (
    <Excalidraw
      excalidrawAPI={(api) => board.attach(api)}
      initialData={INITIAL}
      theme={theme}
      langCode="en"
      name="board"
      viewModeEnabled={readOnly}
      zenModeEnabled={false}
      aiEnabled={false}
      validateEmbeddable={false}
      UIOptions={OFFERED}
      onChange={(_elements, state) => board.changed(state.isLoading)}
      onPointerUp={() => queueMicrotask(() => board.flush())}
      onPointerUpdate={({ pointer }) => board.point(pointer.x, pointer.y)}
      onLinkOpen={(_element, event) => event.preventDefault()}
    >
      <MainMenu>
        <MainMenu.DefaultItems.SaveAsImage />
        <MainMenu.DefaultItems.SearchMenu />
        <MainMenu.DefaultItems.Help />
        <MainMenu.DefaultItems.ClearCanvas />
      </MainMenu>
    </Excalidraw>
  );
});
