import { defineConfig } from "@prisma/prisma7/config";

export default defineConfig({ schema: "prisma" });
