/** How a code host takes Markdown. */
export interface MarkdownHost {
  /** Longest text in bytes, below what the host refuses. */
  maxBytes: number;
  /** Whether `<details>` folds. */
  hasDetails: boolean;
  /** Whether `> [!CAUTION]` is a box. */
  hasAlerts: boolean;
  /** Whether an HTML comment is hidden. */
  hasComments: boolean;
}

/** Hosts by name. */
export const MARKDOWN_HOSTS = {
  // 65,536 characters; whether bytes count is not documented, refusals were seen below it.
  github: { maxBytes: 58_000, hasDetails: true, hasAlerts: true, hasComments: true },
  // One step's summary: 1 MiB.
  "github-summary": { maxBytes: 1_000_000, hasDetails: true, hasAlerts: true, hasComments: true },
  // 1,000,000 characters.
  gitlab: { maxBytes: 900_000, hasDetails: true, hasAlerts: true, hasComments: true },
  // 150,000 characters.
  "azure-devops": { maxBytes: 140_000, hasDetails: true, hasAlerts: false, hasComments: true },
  // 32,768 characters, and no HTML at all.
  bitbucket: { maxBytes: 30_000, hasDetails: false, hasAlerts: false, hasComments: false },
} as const satisfies Record<string, MarkdownHost>;

/** The name of a host. */
export type MarkdownHostName = keyof typeof MARKDOWN_HOSTS;
