import { Module } from "@nestjs/common";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { AppController } from "./app.controller";
import { AppService } from "./app.service";

@Module({
  controllers: [AppController],
  providers: [AppService, { provide: "STORAGE", useFactory: () => createMemoryStorage() }],
})
export class AppModule {}
