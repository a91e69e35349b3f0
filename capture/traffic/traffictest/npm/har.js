// Checks a HAR against the JSON schemas of the package har-schema.
import { readFileSync } from "node:fs";
import validator from "har-validator";

const har = JSON.parse(readFileSync(process.argv[2], "utf8"));
try {
  await validator.har(har);
} catch (failure) {
  console.error(JSON.stringify(failure.errors ?? String(failure), null, 1));
  process.exit(1);
}
for (const [i, entry] of har.log.entries.entries()) {
  try {
    await validator.entry(entry);
  } catch (failure) {
    console.error(`entry ${i}: ` + JSON.stringify(failure.errors ?? String(failure), null, 1));
    process.exit(1);
  }
}
