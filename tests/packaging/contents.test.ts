import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, posix } from "node:path";
import { repositoryRoot } from "../e2e/harness/repository";
import { packPackage, type Tarball } from "./tarball";

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { types: string; default: string }>>;
}

const read = (file: string) => readFileSync(join(repositoryRoot, file), "utf8");
const manifest = JSON.parse(read("package.json")) as Manifest;

describe("the packed package", function () {
  this.timeout(60_000);
  let tarball: Tarball;

  before(async () => {
    tarball = await packPackage();
  });
  after(() => tarball.remove());

  it("has every file that package.json names", () => {
    const named = [
      ...Object.values(manifest.bin),
      ...Object.values(manifest.exports).flatMap((target) =>
        typeof target === "string" ? [target] : [target.types, target.default],
      ),
    ].map((path) => posix.normalize(path));
    assert.deepEqual(
      named.filter((path) => !tarball.files.includes(path)),
      [],
    );
  });

  it("has every guide that a message names", () => {
    const code = tarball.files.filter((path) => path.endsWith(".js"));
    const named = code.flatMap((path) => read(path).match(/docs\/guides\/[\w-]+\.md/g) ?? []);
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((path) => !tarball.files.includes(path)),
      [],
    );
  });

  it("has the compiled package and documents, nothing else", () => {
    const allowed =
      /^(dist\/.+\.(js|d\.ts|json)|policy-pack\/(index\.js|package\.json|PulumiPolicy\.yaml)|docs\/guides\/[\w-]+\.md|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
    assert.deepEqual(
      tarball.files.filter((path) => !allowed.test(path)),
      [],
    );
    assert.deepEqual(
      tarball.files.filter((path) => /test|fixture|bench/.test(path)),
      [],
    );
  });

  it("knows no path of the machine it was built on", () => {
    const paths = [repositoryRoot, homedir()].filter((path) => path.length > 5);
    const telling = tarball.files.filter((file) => {
      const text = read(file);
      return paths.some((path) => text.includes(path));
    });
    assert.deepEqual(telling, []);
  });

  it("has a shebang in each of its commands", () => {
    for (const file of Object.values(manifest.bin)) {
      assert.match(read(file), /^#!\/usr\/bin\/env node\n/, file);
    }
  });
});

describe("the lockfile", () => {
  it("has the packages of every platform, so that npm ci works on each", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<
        string,
        { optionalDependencies?: Record<string, string>; resolved?: string }
      >;
    };
    const missing = Object.values(packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter(
        (name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)),
      );
    assert.deepEqual(missing, []);
  });

  it("names no registry", () => {
    assert.doesNotMatch(read("package-lock.json"), /"resolved": "https?:/);
  });
});
