import { unlessGone } from "./post-github";
import type { CommentHost, HostComment } from "./post-host";
import { Api, type ApiSettings } from "./post-http";

/** Where a pull request is on Azure DevOps. */
export interface AzureDevOpsPlace {
  /** As SYSTEM_COLLECTIONURI says it. */
  collection: string;
  project: string;
  repository: string;
  pullRequest: number;
  token: string;
}

interface WireThread {
  id: number;
  isDeleted?: boolean;
  comments?: WireComment[];
}

interface WireComment {
  id: number;
  content?: string;
  isDeleted?: boolean;
  author?: { id?: string };
}

const VERSION = "api-version=7.1";

/** The threads of a pull request on Azure DevOps, of which we use the first comment. */
export function azureDevOpsComments(
  place: AzureDevOpsPlace,
  options: Partial<ApiSettings> = {},
): CommentHost {
  const base = place.collection.replace(/\/+$/, "");
  const api = new Api({ base, headers: { authorization: `Bearer ${place.token}` }, ...options });
  const repository = `${encodeURIComponent(place.project)}/_apis/git/repositories/${encodeURIComponent(place.repository)}`;
  const threads = `/${repository}/pullRequests/${place.pullRequest}/threads`;
  const commentPath = (id: string) => {
    const [thread, comment] = id.split("/");
    return `${threads}/${thread}/comments/${comment}?${VERSION}`;
  };
  return {
    me: async () => {
      const { body } = await api.call("GET", "/_apis/connectionData");
      return (body as { authenticatedUser?: { id?: string } }).authenticatedUser?.id ?? "";
    },
    comments: async () => readThreads((await api.call("GET", `${threads}?${VERSION}`)).body),
    create: async (content) => {
      // Closed, so that a branch policy on open threads is not held up by a report.
      const thread = {
        status: "closed",
        comments: [{ parentCommentId: 0, commentType: "text", content }],
      };
      const { body } = await api.call("POST", `${threads}?${VERSION}`, thread);
      const [created] = readThread(body as WireThread);
      if (created === undefined)
        throw new TypeError("Azure DevOps answered a thread without comments");
      return created;
    },
    update: (id, content) => unlessGone(api.call("PATCH", commentPath(id), { content })),
    remove: async (id) => {
      await unlessGone(api.call("DELETE", commentPath(id)));
    },
  };
}

function readThreads(body: unknown): HostComment[] {
  const { value } = (body ?? {}) as { value?: WireThread[] };
  return (value ?? []).filter(({ isDeleted }) => isDeleted !== true).flatMap(readThread);
}

function readThread({ id, comments = [] }: WireThread): HostComment[] {
  const [first] = comments;
  if (first === undefined || first.isDeleted === true) return [];
  return [{ id: `${id}/${first.id}`, author: first.author?.id ?? "", body: first.content ?? "" }];
}
