import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["commonjs/", "dist/", "generated/", "test/consumers/projects/", "**/*.js"] },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
  },
);
