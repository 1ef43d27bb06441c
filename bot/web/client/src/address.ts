/** Where this page is: everything it needs lies below its own `/i/<interview>/`. */
export interface Place {
  readonly interview: string;
  readonly board: string;
  readonly talk: string;
}

/** Reads the page's own address. Raises where it is not one of an interview. */
export function placeOf(location: Pick<Location, "protocol" | "host" | "pathname">): Place {
  const [, base, interview] = /^(.*\/i\/([^/]+)\/)/.exec(location.pathname) ?? [];
  if (base === undefined || interview === undefined) throw new Error("not an interview's page");
  const socket = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${base}`;
  return { interview, board: `${socket}board`, talk: `${socket}talk` };
}
