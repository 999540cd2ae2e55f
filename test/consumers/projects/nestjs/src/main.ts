import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module";

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { logger: ["error"] });
  await app.listen(0);
  const url = await app.getUrl();
  for (let n = 0; n < 2; n++) console.log(await (await fetch(`${url}/orders/4711`, { method: "PUT" })).text());
  await app.close();
}
void bootstrap();
