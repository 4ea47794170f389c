import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a job left for later ones: the folder that keeps it, and the paths in it. */
export interface Artifact {
  folder: string;
  paths: readonly string[];
}

/** The folder that jobs run in: each starts from a fresh checkout, and has of others only what they left. */
export class Workspace {
  private readonly tracked: ReadonlySet<string>;
  private artifacts = 0;

  public constructor(
    public readonly directory: string,
    /** A folder of the runner's own. */
    public readonly temp: string,
  ) {
    this.tracked = new Set(readdirSync(directory));
    mkdirSync(temp, { recursive: true });
  }

  /** Removes what jobs wrote beside the repository's own files. */
  public checkout(): void {
    for (const name of readdirSync(this.directory)) {
      if (!this.tracked.has(name)) {
        rmSync(join(this.directory, name), { recursive: true, force: true });
      }
    }
  }

  /** Keeps those of the paths that are there. */
  public save(paths: readonly string[]): Artifact {
    const folder = join(this.temp, `artifact-${this.artifacts++}`);
    mkdirSync(folder);
    const there = paths.filter((path) => existsSync(join(this.directory, path)));
    for (const path of there) copy(join(this.directory, path), join(folder, path));
    return { folder, paths: there };
  }

  /** Puts an artifact's paths back, into the checkout or another folder. */
  public restore({ folder, paths }: Artifact, into: string = this.directory): void {
    for (const path of paths) copy(join(folder, path), join(into, path));
  }
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
}
