import { readMarker } from "./marker";
import type { CommentHost, HostComment } from "./post-host";
import { PostError } from "./post-http";

/** What becomes of the comment of an earlier run. */
export const POST_MODES = ["update", "new", "hide-and-new", "none"] as const;
export type PostMode = (typeof POST_MODES)[number];

/** What is posted. */
export interface Posting {
  /** The stack as the marker names it. */
  stack: string;
  run: number | undefined;
  mode: PostMode;
  /** The comment, no longer than so many bytes; undefined takes the host's own limit. */
  render(maxBytes?: number): string;
}

/** What was done. */
export type Posted =
  | { type: "created" | "updated"; id: string }
  /** A newer run has written already: nothing was changed. */
  | { type: "outdated"; run: number }
  | { type: "none" };

/**
 * Puts the report of a stack into its pull request: one comment per stack, found by its hidden marker among our own
 * comments on all pages. A newer run's report is never overwritten.
 *
 * @throws PostError
 */
export async function postComment(host: CommentHost, posting: Posting): Promise<Posted> {
  if (posting.mode === "none") return { type: "none" };
  const me = await host.me();
  const own = await ownComments(host, me, posting.stack);
  const newer = own.map(({ run }) => run).find((run) => isNewer(run, posting.run));
  if (newer !== undefined) return { type: "outdated", run: newer };
  if (posting.mode === "hide-and-new") {
    for (const { comment } of own) await host.update(comment.id, outdatedBody(comment.body));
  }
  const [latest] = posting.mode === "update" ? own.slice(-1) : [];
  if (latest !== undefined) {
    const isThere = await shortening(posting, (body) => host.update(latest.comment.id, body));
    if (isThere) return { type: "updated", id: latest.comment.id };
  }
  const created = await shortening(posting, (body) => host.create(body));
  return posting.mode === "update"
    ? settleRace(host, me, posting, created)
    : { type: "created", id: created.id };
}

interface OwnComment {
  comment: HostComment;
  run: number | undefined;
}

async function ownComments(host: CommentHost, me: string, stack: string): Promise<OwnComment[]> {
  const comments = await host.comments();
  return comments
    .filter(({ author }) => author === me)
    .flatMap((comment) => {
      const marker = readMarker(comment.body);
      return marker?.stack === stack ? [{ comment, run: marker.run }] : [];
    });
}

/** Another job may have created its comment in the same moment: the newest run's stays, ours goes when it is older. */
async function settleRace(
  host: CommentHost,
  me: string,
  posting: Posting,
  created: HostComment,
): Promise<Posted> {
  const rivals = (await ownComments(host, me, posting.stack)).filter(
    ({ comment }) => comment.id !== created.id,
  );
  const newer = rivals.find(({ run }) => isNewer(run, posting.run));
  if (newer?.run !== undefined) {
    await host.remove(created.id);
    return { type: "outdated", run: newer.run };
  }
  for (const { comment, run } of rivals) {
    if (run !== undefined && posting.run !== undefined && run < posting.run)
      await host.remove(comment.id);
  }
  return { type: "created", id: created.id };
}

/** A host that finds the text too long gets a shorter one. */
async function shortening<Result>(
  { render }: Posting,
  send: (body: string) => Promise<Result>,
): Promise<Result> {
  let body = render();
  for (let attempt = 0; ; attempt++) {
    try {
      return await send(body);
    } catch (error) {
      if (!isTooLong(error) || attempt >= 4) throw explained(error);
      body = render(Math.floor(Buffer.byteLength(body) / 2));
    }
  }
}

function isTooLong(error: unknown): boolean {
  return (
    error instanceof PostError &&
    (error.status === 413 ||
      ([400, 422].includes(error.status) &&
        /too (?:long|large|big)|cannot be longer|maximum/i.test(error.message)))
  );
}

function explained(error: unknown): unknown {
  if (!(error instanceof PostError) || error.status !== 403) return error;
  return new PostError(
    `${error.message}: the token may not comment; give the job permission to write pull requests (a pull request from a fork never has it: use the job summary there)`,
    403,
  );
}

function isNewer(theirs: number | undefined, ours: number | undefined): theirs is number {
  return theirs !== undefined && ours !== undefined && theirs > ours;
}

/** Folded, and without its marker, so that it is never taken for the current one. */
function outdatedBody(body: string): string {
  const text = body.split("\n").slice(1).join("\n").trim();
  return `<details><summary>Outdated PIM access preview</summary>\n\n${text}\n\n</details>\n`;
}
