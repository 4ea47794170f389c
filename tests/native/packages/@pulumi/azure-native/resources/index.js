const { resourceClass } = require("../stand-in.js");

exports.ResourceGroup = resourceClass("resources:ResourceGroup", ["name", "type"]);
