import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { getuid } from "node:process";

/** Makes a folder that is this user's alone, and says whether it is. Windows keeps other users out of a profile by itself. */
export function isPrivateFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const facts = lstatSync(folder);
    if (!facts.isDirectory()) return false;
    if (getuid === undefined) return true;
    if (facts.uid !== getuid()) return false;
    if ((facts.mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return true;
  } catch {
    return false; // a machine without a place to keep things
  }
}

/** What this user wrote into a file; undefined when it is not there, is somebody else's, or is no JSON. */
export function readPrivateJson(file: string): unknown {
  try {
    const facts = lstatSync(file);
    if (!facts.isFile() || (getuid !== undefined && facts.uid !== getuid())) return undefined;
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Writes a file whole or not at all, for this user's eyes; whether it succeeded. */
export function writePrivateJson(file: string, value: unknown): boolean {
  const fresh = `${file}.${process.pid}`;
  try {
    writeFileSync(fresh, JSON.stringify(value), { mode: 0o600 });
    renameSync(fresh, file);
    return true;
  } catch {
    rmSync(fresh, { force: true }); // a full disk
    return false;
  }
}
