// The documents, held against the package that they describe.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { SETTINGS } from "../../src/http/credential-sources";
import { Surface } from "../../src/model/constants";
import { pipelinePermissions } from "../../src/model/pipeline-permissions";
import { repositoryRoot } from "../e2e/harness/repository";

const read = (file: string) => readFileSync(join(repositoryRoot, file), "utf8");

describe("the package's types", function () {
  this.timeout(60_000);

  for (const entry of ["index", "tenant/index", "policy/index", "emulator/index"]) {
    it(`say of every name that ${entry} exports what it is`, () => {
      assert.deepEqual(undocumented(`dist/${entry}.d.ts`), []);
    });
  }

  it("say the default of every argument that may be left out", () => {
    assert.deepEqual(withoutDefault("dist/index.d.ts"), []);
  });
});

describe("the documents", function () {
  this.timeout(60_000);
  const pages = markdownFiles();

  it("have no link that leads nowhere", () => {
    assert.deepEqual(pages.flatMap(deadLinks), []);
  });

  it("have programs that compile against the package", () => {
    const programs = new Map(pages.flatMap(programsIn));
    assert.ok(programs.size > 0);
    assert.deepEqual(compile(programs), []);
  });

  it("name the permissions that a pipeline gets, with their ids", () => {
    const readme = read("README.md");
    const guide = read("docs/guides/deploy-from-a-pipeline.md");
    const surfaces = Object.values(Surface);
    const needed = [
      ...pipelinePermissions(surfaces, "read"),
      ...pipelinePermissions(surfaces, "write"),
    ];
    for (const [value, id] of needed) {
      const written = value.replace(/^(.+)\.Read\.(Directory|AzureADGroup)$/, "$1.ReadWrite.$2");
      assert.ok(readme.includes(`\`${value}\``) || readme.includes(`\`${written}\``), value);
      assert.ok(guide.includes(id), `${value}: ${id}`);
    }
  });

  it("name every setting and variable that credentials come from", () => {
    const guide = read("docs/guides/deploy-from-a-pipeline.md");
    const source = read("src/http/credential-sources.ts");
    const variables = [...source.matchAll(/"((?:ARM|AZURE|ACTIONS|SYSTEM)_[A-Z_]+)"/g)];
    const names = [...SETTINGS, ...variables.map(([, name = ""]) => name)];
    assert.deepEqual(
      names.filter((name) => !guide.includes(`\`${name}\``)),
      [],
    );
  });
});

interface PublicName {
  name: string;
  text: string;
  hasDefault: boolean;
  isOptional: boolean;
}

/** The exported names without a doc comment; a timeout says it all by its default. */
function undocumented(file: string): string[] {
  return publicNames(file)
    .filter(({ text, hasDefault }) => text === "" && !hasDefault)
    .map(({ name }) => name);
}

/** The arguments that may be left out and do not say what happens then. */
function withoutDefault(file: string): string[] {
  return publicNames(file)
    .filter(({ name, isOptional, hasDefault }) => /Args\./.test(name) && isOptional && !hasDefault)
    .map(({ name }) => name);
}

/** What a file of types exports, with the members of its interfaces (the emulator's aside) and classes. */
function publicNames(file: string): PublicName[] {
  const path = join(repositoryRoot, file);
  const program = ts.createProgram([path], {
    skipLibCheck: true,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  assert.ok(module, `${file} is no module: build the package first`);
  const membersOf = file.includes("emulator")
    ? ts.SymbolFlags.Class
    : ts.SymbolFlags.Class | ts.SymbolFlags.Interface;
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol =
      exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const members = symbol.flags & membersOf ? [...(symbol.members?.values() ?? [])] : [];
    return [symbol, ...members.filter(isPublic)].map((one) => ({
      name: one === symbol ? symbol.name : `${symbol.name}.${one.name}`,
      text: ts.displayPartsToString(one.getDocumentationComment(checker)),
      hasDefault: one.getJsDocTags().some(({ name }) => name === "default"),
      isOptional: (one.flags & ts.SymbolFlags.Optional) !== 0,
    }));
  });
}

/** The name of an error says itself. */
function isPublic({ declarations = [], flags, name }: ts.Symbol): boolean {
  return (
    name !== "name" &&
    (flags & (ts.SymbolFlags.Property | ts.SymbolFlags.Method | ts.SymbolFlags.Accessor)) !== 0 &&
    !declarations.some(
      (declaration) => ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private,
    )
  );
}

function markdownFiles(): string[] {
  const folders = ["docs", "bench", "examples", "templates", "src", ".changeset"];
  const below = folders
    .filter((folder) => existsSync(join(repositoryRoot, folder)))
    .flatMap((folder) =>
      readdirSync(join(repositoryRoot, folder), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
        .map((entry) => relative(repositoryRoot, join(entry.parentPath, entry.name))),
    );
  return ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...below].filter(
    (file) => !file.includes("node_modules"),
  );
}

function deadLinks(file: string): string[] {
  const text = read(file).replace(/```.*?```/gs, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
    if (/^(https?|mailto):/.test(link)) return [];
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), path);
    if (!existsSync(join(repositoryRoot, target))) return [`${file}: ${link}`];
    if (anchor === undefined || anchorsOf(target).includes(anchor)) return [];
    return [`${file}: ${link} (no such heading)`];
  });
}

/** The anchors that hosts make of headings. */
function anchorsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** The TypeScript blocks of a page that are whole programs: they import the package. */
function programsIn(file: string): [name: string, text: string][] {
  return [...read(file).matchAll(/```ts\n(.*?)```/gs)].flatMap(([, text = ""], index) =>
    text.includes("import ")
      ? [[join(repositoryRoot, dirname(file), `${index}-of-${file.replace(/\W/g, "-")}.ts`), text]]
      : [],
  );
}

function compile(programs: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2021,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: ["node"],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (name) => programs.has(name) || fileExists.call(host, name);
  host.readFile = (name) => programs.get(name) ?? readFile.call(host, name);
  host.getSourceFile = (name, version) => {
    const text = host.readFile(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...programs.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const name = file === undefined ? "" : relative(repositoryRoot, file.fileName);
    return `${name}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}
