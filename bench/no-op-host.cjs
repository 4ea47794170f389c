// In place of pulumi-entra-pim/host: the same answers without any work, so that what is left is the engine's own cost.

const Module = require("node:module");
const { join } = require("node:path");

let recorded;

/** A provider that answers what was recorded of the owner. */
function provider() {
  recorded ??= new Map(
    require(join(process.cwd(), "resources.json")).map((kept) => [kept.inputs.owner, kept]),
  );
  const answer = (inputs) => recorded.get(inputs.owner);
  return {
    configure() {},
    check: async (_olds, news) => ({
      inputs: { ...answer(news)?.inputs, __provider: news.__provider },
      failures: [],
    }),
    diff: async () => ({ changes: false }),
    create: async (inputs) => ({
      id: answer(inputs)?.id ?? inputs.owner,
      outs: { ...answer(inputs)?.outputs, __provider: inputs.__provider },
    }),
    read: async (id, props) => ({ id, props }),
    update: async (_id, olds) => ({ outs: olds }),
    delete: async () => {},
  };
}

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return request === "pulumi-entra-pim/host" ? __filename : resolve.call(this, request, ...rest);
};

module.exports = { provider };
