import tseslint from "typescript-eslint";

export default tseslint.config({ ignores: ["dist/", "generated/", "**/*.js"] }, tseslint.configs.recommendedTypeChecked, {
  languageOptions: { parserOptions: { projectService: true } },
});
