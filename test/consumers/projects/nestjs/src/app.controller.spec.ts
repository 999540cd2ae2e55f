import { Test, TestingModule } from "@nestjs/testing";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { AppController } from "./app.controller";
import { AppService } from "./app.service";

describe("AppController", () => {
  let appController: AppController;

  beforeEach(async () => {
    const app: TestingModule = await Test.createTestingModule({
      controllers: [AppController],
      providers: [AppService, { provide: "STORAGE", useValue: createMemoryStorage() }],
    }).compile();

    appController = app.get<AppController>(AppController);
  });

  it("starts an order once", async () => {
    expect(await appController.start("4711")).toBe("started 4711");
    expect(await appController.start("4711")).toBe("4711 was started before");
  });
});
