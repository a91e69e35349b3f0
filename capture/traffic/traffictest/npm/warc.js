// Reads a WARC with webrecorder's warcio and prints one JSON line per record.
// Block and payload digests are computed anew and compared with the record's.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { WARCParser } from "warcio";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const records = (path, parseHttp) => WARCParser.iterRecords(createReadStream(path), { keepHeadersCase: true, parseHttp });

const path = process.argv[2];
const blocks = [];
for await (const record of records(path, false)) {
  const block = await record.readFully(false);
  blocks.push({ length: block.length, digest: "sha256:" + sha256(block) });
}

let i = 0;
for await (const record of records(path, true)) {
  const raw = Buffer.from(await record.readFully(false));
  const header = (name) => record.warcHeader(name) ?? "";
  const block = blocks[i++];
  const problems = [];
  if (block.digest !== header("WARC-Block-Digest")) problems.push("block digest is " + block.digest);
  if (block.length !== record.warcContentLength) problems.push("block length is " + block.length);
  const payload = header("WARC-Payload-Digest");
  if (payload && payload !== "sha256:" + sha256(raw)) problems.push("payload digest is sha256:" + sha256(raw));
  console.log(JSON.stringify({
    type: record.warcType,
    uri: record.warcTargetURI ?? "",
    id: header("WARC-Record-ID"),
    ip: header("WARC-IP-Address"),
    truncated: header("WARC-Truncated"),
    status: record.warcType === "response" ? record.httpHeaders.statusCode : 0,
    method: record.warcType === "request" ? record.httpHeaders.method : "",
    http: record.httpHeaders ? [...record.httpHeaders.headers] : [],
    payloadSize: raw.length,
    payloadSHA256: sha256(raw),
    problems,
  }));
}
if (i !== blocks.length) {
  console.error(`read ${blocks.length} records, then ${i}`);
  process.exit(1);
}
