import { unlessGone } from "./post-github";
import type { CommentHost, HostComment } from "./post-host";
import { Api, type ApiSettings } from "./post-http";

/** Where a merge request is on GitLab. */
export interface GitLabPlace {
  /** As CI_API_V4_URL says it. */
  api: string;
  /** Numeric id or path. */
  project: string;
  mergeRequest: number;
  token: string;
}

interface WireNote {
  id: number;
  body?: string;
  author?: { username?: string };
}

/** The notes of a merge request on GitLab. */
export function gitlabComments(
  place: GitLabPlace,
  options: Partial<ApiSettings> = {},
): CommentHost {
  const api = new Api({ base: place.api, headers: { "private-token": place.token }, ...options });
  const notes = `/projects/${encodeURIComponent(place.project)}/merge_requests/${place.mergeRequest}/notes`;
  return {
    me: async () => ((await api.call("GET", "/user")).body as { username?: string }).username ?? "",
    comments: () => listNotes(api, notes),
    create: async (body) => readNote((await api.call("POST", notes, { body })).body as WireNote),
    update: (id, body) => unlessGone(api.call("PUT", `${notes}/${id}`, { body })),
    remove: async (id) => {
      await unlessGone(api.call("DELETE", `${notes}/${id}`));
    },
  };
}

async function listNotes(api: Api, path: string): Promise<HostComment[]> {
  const notes: HostComment[] = [];
  for (let page = "1"; page !== ""; ) {
    const { body, headers } = await api.call(
      "GET",
      `${path}?per_page=100&sort=asc&order_by=created_at&page=${page}`,
    );
    notes.push(...(Array.isArray(body) ? (body as WireNote[]) : []).map(readNote));
    page = headers.get("x-next-page") ?? "";
  }
  return notes;
}

function readNote({ id, body, author }: WireNote): HostComment {
  return { id: String(id), author: author?.username ?? "", body: body ?? "" };
}
