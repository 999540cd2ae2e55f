export default { schema: "prisma" };
