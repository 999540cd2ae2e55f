const webpack = require("webpack");

const [, , target] = process.argv;
webpack({ entry: "./main.js", mode: "production", target, output: { path: __dirname, filename: "bundle.js" } }, (error, stats) => {
  if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
});
