// Loaded before the binary: prints what it loaded when it ends.
process.on("exit", () => {
  process.stderr.write(`${Object.keys(require.cache).join("\n")}\n`);
});
