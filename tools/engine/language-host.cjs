#!/usr/bin/env node
// The Node.js language host of an engine that was built from source: Pulumi's own one is not on the Go
// module proxy. Installed beside the `pulumi` binary as `pulumi-language-nodejs`; it takes the Pulumi SDK
// of the program, because it has no dependencies of its own.
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const { createRequire } = require("node:module");
const net = require("node:net");
const path = require("node:path");

/** The exit code by which the SDK's runner says that the user has already seen the message. */
const alreadyReported = 32;

const children = new Set();
let engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-"));

function main() {
  const sdk = findSdk();
  const { grpc, language, plugin, empty } = sdk;
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(sdk.service, {
    handshake: unary(grpc, (request) => {
      engineAddress = request.getEngineAddress() || engineAddress;
      return new language.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(grpc, () => new plugin.PluginInfo()),
    // An empty list: the engine then downloads nothing ahead, and asks for a plugin when it needs one.
    getRequiredPackages: unary(grpc, () => new language.GetRequiredPackagesResponse()),
    getRequiredPlugins: (_call, callback) => callback({ code: grpc.status.UNIMPLEMENTED }),
    about: unary(grpc, () => aboutNode(language)),
    getProgramDependencies: unary(grpc, (request) => programDependencies(language, request)),
    runtimeOptionsPrompts: unary(grpc, () => new language.RuntimeOptionsResponse()),
    installDependencies: (call) => call.end(),
    cancel: unary(grpc, () => {
      killChildren();
      return new empty.Empty();
    }),
    run: unary(grpc, (request, call) => runProgram(language, request, call)),
    runPlugin: (call) => {
      try {
        runPlugin(language, call);
      } catch (error) {
        call.emit("error", { code: grpc.status.UNKNOWN, message: error.message });
      }
    },
  });
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      fail(error.message);
    }
    process.stdout.write(`${port}\n`);
    leaveWithEngine();
  });
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

/** Resolves the SDK, and the gRPC library the SDK itself uses, from the program's directory. */
function findSdk() {
  for (const directory of [process.cwd(), programDirectory(process.cwd())]) {
    try {
      const fromProgram = createRequire(path.join(directory, "package.json"));
      const entry = fromProgram.resolve("@pulumi/pulumi");
      const fromSdk = createRequire(entry);
      return {
        grpc: fromSdk("@grpc/grpc-js"),
        empty: fromSdk("google-protobuf/google/protobuf/empty_pb.js"),
        language: fromSdk("./proto/language_pb.js"),
        plugin: fromSdk("./proto/plugin_pb.js"),
        service: fromSdk("./proto/language_grpc_pb.js").LanguageRuntimeService,
      };
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") {
        throw error;
      }
    }
  }
  return fail(`no @pulumi/pulumi found from ${process.cwd()}; run npm install there`);
}

/** The directory that `main:` of a Pulumi.yaml names, where an own node_modules may lie. */
function programDirectory(root) {
  const project = path.join(root, "Pulumi.yaml");
  const main =
    fs.existsSync(project) && /^main:\s*["']?([^"'\n]+)/m.exec(fs.readFileSync(project, "utf8"));
  if (!main) {
    return root;
  }
  const target = path.resolve(root, main[1].trim());
  return path.extname(target) ? path.dirname(target) : target;
}

/** Makes a unary gRPC method of a function that returns the answer or a promise of it. */
function unary(grpc, answer) {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request, call))
      .then(
        (response) => callback(null, response),
        (error) => callback({ code: grpc.status.UNKNOWN, message: error.message }),
      );
  };
}

/** Runs the program once, for a preview or for an update. */
async function runProgram(language, request, call) {
  const response = new language.RunResponse();
  const directory = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const options = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  const argumentsOfRunner = [
    ["--monitor", request.getMonitorAddress()],
    ["--engine", engineAddress],
    ["--organization", request.getOrganization()],
    ["--project", request.getProject()],
    ["--root-directory", request.getInfo()?.getRootDirectory()],
    ["--stack", request.getStack()],
    ["--pwd", request.getPwd()],
    ["--parallel", String(request.getParallel())],
  ].flatMap(([flag, value]) => (value ? [flag, value] : []));
  const child = start(
    process.execPath,
    [
      ...nodeArguments(options.nodeargs),
      resolveRunner(directory, "run"),
      ...argumentsOfRunner,
      ...(request.getDryrun() ? ["--dry-run"] : []),
      request.getInfo()?.getEntryPoint() || request.getProgram() || ".",
      ...request.getArgsList(),
    ],
    {
      cwd: request.getPwd(),
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
      },
    },
  );
  call.on("cancelled", () => child.kill());
  const { code, signal } = await ended(child);
  if (code === alreadyReported) {
    response.setBail(true);
  } else if (code !== 0) {
    response.setError(
      signal
        ? `Program was stopped by ${signal}`
        : `Program exited with non-zero exit code: ${code}`,
    );
  }
  return response;
}

/** Runs a plugin that is a Node.js program: a policy pack, or a provider with PulumiPlugin.yaml. */
function runPlugin(language, call) {
  const { request } = call;
  const pluginDirectory = request.getInfo()?.getProgramDirectory() || request.getProgram();
  const isPolicyPack = request.getKind() === "analyzer";
  const runner = resolveRunner(pluginDirectory, isPolicyPack ? "run-policy-pack" : "run-plugin");
  const child = start(
    process.execPath,
    isPolicyPack
      ? [runner, ...request.getArgsList(), pluginDirectory]
      : [runner, pluginDirectory, ...request.getArgsList()],
    {
      cwd: isPolicyPack ? pluginDirectory : request.getPwd(),
      stdio: ["ignore", "pipe", "pipe"],
      env: environmentOf(request.getEnvList()),
    },
  );
  const send = (fill) => {
    const message = new language.RunPluginResponse();
    fill(message);
    call.write(message);
  };
  child.stdout.on("data", (chunk) => send((message) => message.setStdout(chunk)));
  child.stderr.on("data", (chunk) => send((message) => message.setStderr(chunk)));
  call.on("cancelled", () => child.kill());
  void ended(child).then(({ code }) => {
    send((message) => message.setExitcode(code ?? 1));
    call.end();
  });
}

function aboutNode(language) {
  const response = new language.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  return response;
}

function programDependencies(language, request) {
  const directory = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const response = new language.GetProgramDependenciesResponse();
  for (const name of Object.keys(
    readJson(path.join(directory, "package.json")).dependencies ?? {},
  )) {
    const dependency = new language.DependencyInfo();
    dependency.setName(name);
    dependency.setVersion(
      readJson(path.join(directory, "node_modules", name, "package.json")).version ?? "",
    );
    response.addDependencies(dependency);
  }
  return response;
}

function readJson(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
}

function resolveRunner(directory, name) {
  return createRequire(path.join(directory, "package.json")).resolve(`@pulumi/pulumi/cmd/${name}`);
}

function nodeArguments(text) {
  return text ? String(text).split(" ").filter(Boolean) : [];
}

function environmentOf(list) {
  if (list.length === 0) {
    return process.env;
  }
  return Object.fromEntries(
    list.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}

function start(command, parameters, options) {
  const child = spawn(command, parameters, options);
  children.add(child);
  child.on("close", () => children.delete(child));
  return child;
}

function ended(child) {
  return new Promise((resolve) => {
    child.on("error", () => resolve({ code: 1 }));
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
}

/** Ends when the engine is gone: a killed CLI cannot tell us to. */
function leaveWithEngine() {
  const separator = engineAddress?.lastIndexOf(":") ?? -1;
  if (separator < 0) {
    return;
  }
  const host = engineAddress.slice(0, separator);
  const port = Number(engineAddress.slice(separator + 1));
  const socket = net.connect({ host, port });
  socket.on("connect", () => {
    socket.destroy();
    setTimeout(leaveWithEngine, 2000).unref();
  });
  socket.on("error", stop);
}

function killChildren() {
  for (const child of children) {
    child.kill();
  }
}

function stop() {
  killChildren();
  process.exit(0);
}

function fail(message) {
  process.stderr.write(`pulumi-language-nodejs: ${message}\n`);
  process.exit(1);
}

main();
