import "reflect-metadata";
import type { DynamicModule, INestApplication } from "@nestjs/common";
import { HttpAdapterHost, NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module.js";
import { StorageErrorFilter } from "./storage-error.filter.js";

/** Creates the application. It closes its connections when it is closed, or at SIGTERM. */
export async function createApp(storage?: DynamicModule): Promise<INestApplication> {
  const app = await NestFactory.create(AppModule.with(storage), { logger: ["error", "warn"] });
  app.useGlobalFilters(new StorageErrorFilter(app.get(HttpAdapterHost).httpAdapter));
  app.enableShutdownHooks();
  return app;
}
