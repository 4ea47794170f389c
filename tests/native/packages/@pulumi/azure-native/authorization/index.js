const { resourceClass } = require("../stand-in.js");

exports.RoleAssignment = resourceClass("authorization:RoleAssignment", ["name", "type"]);
