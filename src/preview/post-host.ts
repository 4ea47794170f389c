/** A comment on a pull request. */
export interface HostComment {
  /** As the host needs it to change the comment. */
  id: string;
  author: string;
  body: string;
}

/** A code host, as far as one pull request's comments go. */
export interface CommentHost {
  /** Who we are, so that nobody else's comment is ever changed. */
  me(): Promise<string>;
  /** Every comment, over all pages, oldest first. */
  comments(): Promise<HostComment[]>;
  create(body: string): Promise<HostComment>;
  /** False when the comment is gone. */
  update(id: string, body: string): Promise<boolean>;
  remove(id: string): Promise<void>;
}
