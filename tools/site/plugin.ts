import { Application, Converter, DocumentReflection, KindRouter, type ProjectReflection, type Reflection } from "typedoc";
import { guideAt, guideGroups } from "../guides.js";

const ABOUT = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

const groups = guideGroups();
const groupOf = new Map(groups.flatMap(({ title, guides }) => guides.map(({ path }) => [path, title])));
/** The documents of the site, by what TypeDoc makes of each. */
const paths = new Map<DocumentReflection, string>();

/**
 * What TypeDoc lacks for guides: their titles and their groups, in the order of `docs/README.md`, and a search that finds
 * headings.
 */
export function load(app: Application): void {
  app.on(Application.EVENT_BOOTSTRAP_END, ({ options }) => {
    options.setValue("projectDocuments", ["docs/README.md", ...[...groupOf.keys()].map((path) => `${path}.md`), ...ABOUT]);
    options.setValue("groupOrder", ["Guides", ...groups.map(({ title }) => title), "About", "*"]);
  });
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const path = document.name.replace("docs_", "docs/");
    paths.set(document, path);
    document.name = guideAt(path).title;
    document.frontmatter.group = groupOf.get(path) ?? (path === "docs/README" ? "Guides" : "About");
  });
  app.renderer.defineRouter("guides", GuideRouter);
}

class GuideRouter extends KindRouter {
  override buildPages(project: ProjectReflection): ReturnType<KindRouter["buildPages"]> {
    const pages = super.buildPages(project);
    for (const [document, path] of paths)
      for (const { heading, anchor, text } of guideAt(path).sections) {
        const section = new DocumentReflection(heading, document, [{ kind: "text", text }], {});
        this.fullUrls.set(section, `${this.getFullUrl(document)}#${anchor}`);
      }
    return pages;
  }

  protected override getIdealBaseName(reflection: Reflection): string {
    const path = reflection.isDocument() ? paths.get(reflection) : undefined;
    return path === undefined ? super.getIdealBaseName(reflection) : `guides/${path.replace(/^docs\//, "")}`;
  }
}
