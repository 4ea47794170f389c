import type { CommentHost, HostComment } from "./post-host";
import { Api, type ApiSettings, PostError } from "./post-http";

/** Where a pull request is on GitHub. */
export interface GitHubPlace {
  /** @default "https://api.github.com" */
  api?: string;
  /** owner/name */
  repository: string;
  pullRequest: number;
  token: string;
}

interface WireComment {
  id: number;
  body?: string | null;
  user?: { login?: string } | null;
}

const PAGE = 100;

/** The comments of a pull request on GitHub. */
export function githubComments(
  place: GitHubPlace,
  options: Partial<ApiSettings> = {},
): CommentHost {
  const api = new Api({
    base: place.api ?? "https://api.github.com",
    headers: {
      authorization: `Bearer ${place.token}`,
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
    },
    ...options,
  });
  const issues = `/repos/${place.repository}/issues`;
  const list = `${issues}/${place.pullRequest}/comments`;
  return {
    me: () => whoAmI(api),
    comments: () => listComments(api, list),
    create: async (body) =>
      readComment((await api.call("POST", list, { body })).body as WireComment),
    update: (id, body) => unlessGone(api.call("PATCH", `${issues}/comments/${id}`, { body })),
    remove: async (id) => {
      await unlessGone(api.call("DELETE", `${issues}/comments/${id}`));
    },
  };
}

/** True, or false when what it was about is gone. */
export async function unlessGone(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof PostError && (error.status === 404 || error.status === 410)) return false;
    throw error;
  }
}

/** A workflow's own token may not ask who it is: it is the bot. */
async function whoAmI(api: Api): Promise<string> {
  try {
    const { body } = await api.call("GET", "/user");
    return (body as { login?: string }).login ?? "github-actions[bot]";
  } catch (error) {
    if (error instanceof PostError && [401, 403, 404].includes(error.status))
      return "github-actions[bot]";
    throw error;
  }
}

async function listComments(api: Api, path: string): Promise<HostComment[]> {
  const comments: HostComment[] = [];
  for (let page = 1; ; page++) {
    const { body } = await api.call("GET", `${path}?per_page=${PAGE}&page=${page}`);
    const rows = Array.isArray(body) ? (body as WireComment[]) : [];
    comments.push(...rows.map(readComment));
    if (rows.length < PAGE) return comments;
  }
}

function readComment({ id, body, user }: WireComment): HostComment {
  return { id: String(id), author: user?.login ?? "", body: body ?? "" };
}
