/** What a link lets its holder do; `bot/web/sharing.py` names them so. */
export type Shared = "edit" | "view" | "card";

export interface Link {
  readonly address: string;
  /** How long it works. */
  readonly hours: number;
}

/** A new link into this interview. Raises with the server's sentence where it will not make one. */
export async function makeLink(role: Shared): Promise<Link> {
  return (await post("links", { role })) as Link;
}

/** Takes back all links that were handed out; the number of them. */
export async function revokeLinks(): Promise<number> {
  return ((await post("links/revoke", {})) as { revoked: number }).revoked;
}

/** Addresses are relative to the page's own, which ends in a slash. */
async function post(address: string, body: object): Promise<unknown> {
  const response = await fetch(address, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (response === null) throw new Error("The server does not answer.");
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new Error((answer as { error?: string }).error ?? "That did not work.");
}
