// Renew the vendored front-end files from npm: `make vendor`. Writes each file, its licence and vendor.json with
// version and hash. Needs Node and npm; nobody who uses the course does.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = "src/earned_security/interactive/static/vendor";
const wanted = JSON.parse(readFileSync(join(folder, "vendor.json"), "utf8"));

for (const [file, entry] of Object.entries(wanted)) {
  const work = mkdtempSync(join(tmpdir(), "vendor-"));
  const packed = execFileSync("npm", ["pack", "--silent", `${entry.package}@${entry.version}`], { cwd: work, encoding: "utf8" });
  execFileSync("tar", ["xzf", packed.trim().split("\n").at(-1)], { cwd: work });
  copyFileSync(join(work, "package", entry.path), join(folder, file));
  copyFileSync(join(work, "package", "LICENSE"), join(folder, `${file.split(".")[0]}.LICENSE`));
  entry.licence = JSON.parse(readFileSync(join(work, "package", "package.json"), "utf8")).license;
  entry.sha256 = createHash("sha256").update(readFileSync(join(folder, file))).digest("hex");
  console.log(`${file}: ${entry.package} ${entry.version} (${entry.licence}) ${entry.sha256}`);
}
writeFileSync(join(folder, "vendor.json"), JSON.stringify(wanted, null, 2) + "\n");
