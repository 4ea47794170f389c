// Classes with the type tokens of the real package.
const pulumi = require("@pulumi/pulumi");

exports.resourceClass = (token, outputs) =>
  class extends pulumi.CustomResource {
    constructor(name, args, opts) {
      const later = Object.fromEntries(outputs.map((output) => [output, undefined]));
      super(`azure-native:${token}`, name, { ...later, ...args }, opts);
    }
  };

exports.Provider = class extends pulumi.ProviderResource {
  constructor(name, args, opts) {
    super("azure-native", name, args, opts);
  }
};
