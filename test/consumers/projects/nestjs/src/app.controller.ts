import { Controller, Param, Put } from "@nestjs/common";
import { AppService } from "./app.service";

@Controller()
export class AppController {
  constructor(private readonly appService: AppService) {}

  @Put("orders/:id")
  start(@Param("id") id: string): Promise<string> {
    return this.appService.start(id);
  }
}
