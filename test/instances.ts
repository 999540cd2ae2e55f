export { anInstance } from "hephaestus-prisma/testing";
