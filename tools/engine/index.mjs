// Finds a Pulumi engine, or gets one. Plain Node.js >= 20 without dependencies: this runs before `npm ci`.
// Order: `pulumi` on PATH, an engine of an earlier run in the user's cache, the npm launcher's download,
// a build of the Go module.

import { join } from "node:path";
import { buildEngine } from "./build.mjs";
import { cachedEngine, engineCache, installCompanions, removeLeftovers } from "./cache.mjs";
import { downloadEngine } from "./download.mjs";
import { withLock } from "./lock.mjs";
import { engineOnPath } from "./on-path.mjs";

/** The version that is downloaded or built; the newest one that the Go module proxy has. */
export const engineVersion = "3.258.0";

/**
 * Answers `{ version, path, directory, source }` of an engine that works, getting one if need be.
 *
 * `say` hears what is going on. Throws an error whose message tells in three lines what to install.
 */
export async function findOrGetEngine(say = () => {}) {
  return (await engineOnPath()) ?? (await engineOfCache()) ?? (await getEngine(say));
}

async function engineOfCache() {
  const engine = await cachedEngine(engineVersion);
  if (engine?.source === "built") {
    installCompanions(engine.directory);
  }
  return engine;
}

async function getEngine(say) {
  const root = engineCache();
  return await withLock(join(root, `${engineVersion}.lock`), say, async () => {
    const madeByAnother = await engineOfCache();
    if (madeByAnother) {
      return madeByAnother;
    }
    removeLeftovers(root);
    const reasons = [];
    for (const get of [downloadEngine, buildEngine]) {
      const reason = await get({ version: engineVersion, root, say });
      const engine = reason === undefined ? await engineOfCache() : undefined;
      if (engine) {
        return engine;
      }
      reasons.push(reason ?? "it does not run here");
    }
    throw new Error(whatToInstall(reasons));
  });
}

function whatToInstall([download, build]) {
  return [
    `no Pulumi engine: the download failed (${download}), and so did the build (${build}).`,
    "Install the Pulumi CLI >= 3.250 (https://www.pulumi.com/docs/install/) so that `pulumi` is on PATH,",
    "or Go >= 1.25 (https://go.dev/dl/) with access to a Go module proxy, and run this again.",
  ].join("\n");
}
