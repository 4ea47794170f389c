import assert from "node:assert/strict";
import fc from "fast-check";
import MarkdownIt, { type Token } from "markdown-it";
import { MARKDOWN_HOSTS } from "../../src/preview/markdown-host";
import { byteLength, codeText, fencedBlock, nameText } from "../../src/preview/markdown-text";
import { renderAnnotations } from "../../src/preview/render-annotations";
import { renderHtml } from "../../src/preview/render-html";
import { renderMarkdown } from "../../src/preview/render-markdown";
import { mermaidBlock } from "../../src/preview/render-mermaid";
import { renderText } from "../../src/preview/render-text";
import { assignment, type Bag, creates, guid, reportOf, settings, step } from "./plan-builder";

const markdown = new MarkdownIt({ html: true, linkify: true });

/** Texts that try to be something else. */
const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        "|",
        "\\|",
        "\\",
        "`",
        "``",
        "```",
        "\n",
        "\r\n",
        "<b>",
        "</td>",
        "-->",
        "<!--",
        "<script>",
        "@admins",
        "@",
        "#12",
        "**",
        "__",
        "[a](http://e.example)",
        "http://e.example",
        "www.e.example",
        "e.example",
        "\u202e",
        "\u200b",
        "\u2066",
        "\ufeff",
        "&lt;",
        "&#64;",
        "deadbeef1",
        "GH-12",
        "::error::",
        "%0A",
        "~~",
        "$x$",
        "!1",
        "Bob",
        " ",
        "Ρ",
        "а",
        "\ud800",
        "\u{e0041}",
        "- ",
        "> ",
        "1. ",
        "|---|",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

function reportWith(name: string) {
  const grant = assignment({
    principal: { group: name },
    principalKind: "group",
    principalName: name,
    principalId: guid(1),
    directoryRole: { role: name, scope: `/${guid(5)}` },
    roleDefinitionId: guid(7),
    roleName: name,
  });
  const conditions = settings(
    {
      activation: {
        requireApproval: true,
        approvers: [{ user: name }],
        authenticationContext: name,
      },
    },
    {
      approverIds: { [`user:${name.trim().toLowerCase()}`]: guid(3) },
      found: { activation: { requireApproval: false } },
    },
  );
  return reportOf(
    [
      step("create", "EligibleAssignment", "one", undefined, { inputs: grant }),
      step("create", "RoleSettings", name === "" ? "x" : name, undefined, { inputs: conditions }),
      step("delete", "ActiveAssignment", "two", { inputs: { ...grant, principalId: guid(2) } }),
    ],
    {},
    {
      diagnostics: [
        { severity: "error", message: name },
        { severity: "warning", message: `${name}\n${name}`, urn: name },
      ],
    },
  );
}

function tokensOf(text: string): Token[] {
  return markdown.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])]);
}

/** HTML that we write ourselves. */
const OWN_HTML =
  /^(?:<!-- entra-pim-preview:[\w.+/-]* ?-->|<\/?details>|<summary>[\w ,:()'’]*<\/summary>|<\/?sub>)+$/;

describe("Markdown with hostile names", function () {
  this.timeout(120_000);

  it("keeps every table's columns and rows", () => {
    fc.assert(
      fc.property(nasty, (name) => {
        for (const host of ["github", "bitbucket"] as const) {
          const text = renderMarkdown(reportWith(name), { host });
          const tables = tablesOf(tokensOf(text));
          assert.deepEqual(
            tables.map(({ rows }) => rows.length > 0),
            tables.map(() => true),
          );
          for (const { columns, rows } of tables) {
            assert.deepEqual(new Set(rows), new Set([columns]));
          }
          assert.deepEqual(
            tables.map(({ columns }) => columns),
            [8, 7, 7],
          );
          assert.deepEqual(lineColumns(text), [8, 7, 7]);
        }
      }),
      { numRuns: 250 },
    );
  });

  it("lets no name become HTML, a link, a mention or emphasis of ours", () => {
    fc.assert(
      fc.property(nasty, (name) => {
        const report = reportWith(name);
        let breaks = 0;
        for (const token of tokensOf(renderMarkdown(report))) {
          assert.notEqual(token.type, "link_open");
          assert.notEqual(token.type, "image");
          if (token.content === "<br>") breaks += 1;
          else if (token.type === "html_block" || token.type === "html_inline") {
            assert.match(token.content.trim().replace(/\s*\n\s*/g, ""), OWN_HTML);
          }
          if (token.type === "text")
            assert.doesNotMatch(token.content, /[@#<>`|]|https?:|www\./, token.content);
        }
        // One line break before each finding's fix, and none that a name brought.
        assert.equal(breaks, report.findings.length);
      }),
      { numRuns: 250 },
    );
  });

  it("draws a diagram whose labels nothing ends, one line per node and change", () => {
    fc.assert(
      fc.property(nasty, (name) => {
        const report = reportWith(name);
        const [fence, ...others] = markdown.parse(mermaidBlock(report), {});
        assert.deepEqual([fence?.type, fence?.info, others.length], ["fence", "mermaid", 0]);
        const [head, ...lines] = fence?.content.trimEnd().split("\n") ?? [];
        assert.equal(head, "flowchart LR");
        for (const line of lines) {
          assert.match(
            line,
            /^ {2}n\d+(?:\["[^"<>`@|\\[\]{}]*"\]| (?:-->|==>|-\.->)\|"[^"<>`@|\\[\]{}]*"\| n\d+)$/,
          );
        }
        const edges = lines.filter((line) => line.includes('"| n')).length;
        assert.equal(edges, report.gains.length + report.losses.length);
      }),
      { numRuns: 250 },
    );
  });

  it("draws no more than sixty changes, and none where there are none", () => {
    const text = mermaidBlock(reportOf(creates(200)));
    assert.equal(text.match(/-->/g)?.length, 60);
    assert.match(text, /_140 more changes, in the tables\._$/);
    assert.equal(mermaidBlock(reportOf([])), "");
  });

  it("lets no text end its fence", () => {
    fc.assert(
      fc.property(nasty, nasty, (a, b) => {
        const tokens = markdown.parse(`${fencedBlock(`${a}\n${b}`)}\n\nafter`, {});
        assert.deepEqual(
          tokens.map(({ type }) => type),
          ["fence", "paragraph_open", "inline", "paragraph_close"],
        );
      }),
    );
  });

  it("shows no character that cannot be seen or that turns the direction of others", () => {
    fc.assert(
      fc.property(nasty, (name) => {
        const report = reportWith(name);
        for (const text of [
          renderMarkdown(report),
          renderText(report),
          renderAnnotations(report),
        ]) {
          assert.doesNotMatch(
            text,
            // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
            /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u0000-\u0008\u001b\u{e0000}-\u{e007f}]/u,
          );
        }
      }),
    );
  });

  it("prints ordinary names as they are and odd ones as code", () => {
    const cases: [string, string][] = [
      ["Bob Ray", "Bob Ray"],
      ["O’Neill, Zoë (Ops)", "O’Neill, Zoë (Ops)"],
      ["田中 太郎", "田中 太郎"],
      ["sg-helpdesk", "sg-helpdesk"],
      ["a|b", "`a\\|b`"],
      ["a\\|b", "`a\\¦b`"],
      ["x`y``z", "```x`y``z```"],
      ["`", "`` ` ``"],
      ["@admins", "`@admins`"],
      ["evil.example", "`evil.example`"],
      ["deadbeef1", "`deadbeef1`"],
      ["two\nlines", "two lines"],
      ["", "`(empty)`"],
      ["\u202e\u200b", "`(empty)`"],
    ];
    for (const [name, text] of cases) assert.equal(nameText(name), text);
    assert.equal(codeText("x".repeat(500)).length, 122);
  });
});

describe("HTML with hostile names", function () {
  this.timeout(60_000);

  it("has no element that a name brought", () => {
    const own = tagsOf(renderHtml(reportWith("plain")));
    fc.assert(
      fc.property(nasty, (name) => {
        const tags = tagsOf(renderHtml(reportWith(name)));
        // A name can leave something out (an empty one has no user principal name), never bring something in.
        for (const tag of tags)
          assert.ok(own.has(tag) || tag === "<small>" || tag === "</small>", tag);
      }),
    );
  });
});

describe("renderHtml", () => {
  it("keeps the spaces of sentences", () => {
    const text = renderHtml(reportWith("Bob Ray")).replace(/<[^>]*>/g, "");
    assert.match(text, /Exchange Administrator has 1 approver: when/);
  });
});

describe("GitHub annotations with hostile names", () => {
  it("stay one command a line", () => {
    fc.assert(
      fc.property(nasty, (name) => {
        const lines = renderAnnotations(reportWith(name)).split("\n").filter(Boolean);
        for (const line of lines)
          assert.match(
            line,
            /^::(?:error|warning|notice) (?:file=[^,:]+,line=\d+,)?title=PIM\d{3} [\w-]+::.+$/,
          );
      }),
    );
  });
});

describe("renderMarkdown", function () {
  this.timeout(120_000);

  it("keeps within any budget", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 600, max: 40_000 }),
        nasty,
        (count, maxBytes, name) => {
          const report = reportOf(
            creates(count, () => ({ principalName: name, expiration: { permanent: true } })),
          );
          for (const host of ["github", "bitbucket"] as const) {
            assert.ok(byteLength(renderMarkdown(report, { host, maxBytes })) <= maxBytes);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("keeps within each host's limit with thousands of changes", () => {
    const report = reportOf(creates(3000));
    for (const [host, { maxBytes }] of Object.entries(MARKDOWN_HOSTS)) {
      const text = renderMarkdown(report, { host: host as keyof typeof MARKDOWN_HOSTS });
      assert.ok(byteLength(text) <= maxBytes, host);
      assert.match(text, /broadening/);
    }
  });

  it("is the same for the same access, in whatever order the engine takes its steps", () => {
    const steps = creates(40, (index) =>
      index % 3 === 0 ? { expiration: { permanent: true } } : {},
    );
    const once = withoutSteps(steps);
    fc.assert(
      fc.property(fc.shuffledSubarray(steps, { minLength: 40 }), (shuffled) => {
        assert.equal(withoutSteps(shuffled), once);
      }),
      { numRuns: 30 },
    );
  });

  function withoutSteps(steps: readonly Bag[]): string {
    return renderMarkdown({ ...reportOf(steps), steps: [] }) + renderText(reportOf(steps));
  }
});

interface ParsedTable {
  columns: number;
  rows: number[];
}

function tablesOf(tokens: readonly Token[]): ParsedTable[] {
  const tables: ParsedTable[] = [];
  for (const { type } of tokens) {
    const table = tables[tables.length - 1];
    if (type === "table_open") tables.push({ columns: 0, rows: [] });
    else if (type === "th_open" && table !== undefined) table.columns += 1;
    else if (type === "tr_open" && table !== undefined && table.columns > 0) table.rows.push(0);
    else if (type === "td_open" && table !== undefined)
      table.rows.push((table.rows.pop() ?? 0) + 1);
  }
  return tables;
}

/** Cells as the GFM specification counts them: pipes that no backslash escapes. */
function lineColumns(text: string): number[] {
  const columns: number[] = [];
  let open: number | undefined;
  let fence: string | undefined;
  for (const line of text.split("\n")) {
    const marks = /^`{3,}/.exec(line)?.[0];
    if (marks !== undefined && (fence === undefined || marks === fence)) {
      fence = fence === undefined ? marks : undefined;
    }
    if (!line.startsWith("|") || fence !== undefined) {
      open = undefined;
      continue;
    }
    const count = line.replace(/\\[!-/:-@[-`{-~]/g, "").split("|").length - 2;
    if (open === undefined) columns.push(count);
    else assert.equal(count, open, line);
    open ??= count;
  }
  return columns;
}

function tagsOf(html: string): Set<string> {
  return new Set(html.match(/<[^>]*>/g));
}
