import "./styles.css";

import { createRoot } from "react-dom/client";

import { placeOf } from "./address.ts";
import { App } from "./App.tsx";
import { LiveBoard } from "./board/live.ts";
import { expose } from "./hotseat.ts";
import { isOver, Talk } from "./talk/talk.ts";

const place = placeOf(location);
const board = new LiveBoard(place);
const talk = new Talk(place);
expose(board, talk);
followTalk();
talk.start();
createRoot(document.getElementById("page")!).render(<App board={board} talk={talk} />);

/** Hands on to the board what each situation says of the interview. */
function followTalk(): void {
  let heardAt = 0;
  let over = false;
  talk.state.watch(() => {
    const state = talk.state.get();
    if (state.heardAt === heardAt && isOver(state) === over) return;
    heardAt = state.heardAt;
    over = isOver(state);
    board.heard(over);
  });
}
