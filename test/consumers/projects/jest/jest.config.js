// Jest's defaults, and ts-jest for TypeScript: nothing of node_modules is transformed.
module.exports = { transform: { "\\.ts$": "ts-jest" } };
