import "./styles.css";

import { createRoot } from "react-dom/client";

import { placeOf } from "./address.ts";
import { App } from "./App.tsx";
import { LiveBoard } from "./board/live.ts";
import { expose } from "./hotseat.ts";
import { Talk } from "./talk/talk.ts";

const place = placeOf(location);
const board = new LiveBoard(place);
const talk = new Talk(place);
expose(board, talk);
talk.start();
createRoot(document.getElementById("page")!).render(<App board={board} talk={talk} />);
