import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["commonjs/", "dist/", "generated/", "test/consumers/projects/", "**/*.js"] },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: { "@typescript-eslint/require-await": "off" }, // an async method rejects where another would throw
  },
);
