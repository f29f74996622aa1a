// The API description as a page, from /openapi.json.

import { description } from "./api.js";
import { el, fill } from "./dom.js";
import "./header.js";

const root = document.getElementById("docs");

description().then((api) =>
  fill(
    root,
    el(
      "div",
      { class: "between" },
      el("h1", {}, api.info.title),
      el("a", { class: "button", href: "/openapi.json" }, "openapi.json"),
    ),
    el("p", { class: "text" }, prose(api.info.description.trim())),
    Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => operationCard(api, method, path, operation)),
    ),
  ),
);

function operationCard(api, method, path, operation) {
  return el(
    "section",
    { class: "card" },
    el("h2", {}, el("code", {}, `${method.toUpperCase()} ${path}`)),
    el("p", {}, el("strong", {}, operation.summary)),
    el("p", { class: "text" }, prose(operation.description)),
    operation.parameters &&
      el(
        "dl",
        {},
        operation.parameters.map((parameter) => [
          el("dt", {}, el("code", {}, parameter.name)),
          el("dd", {}, prose(parameter.description ?? parameter.in)),
        ]),
      ),
    Object.entries(operation.requestBody?.content ?? {}).map(([type, content]) => bodyOf(api, type, content)),
    el("h3", {}, "Answers"),
    Object.entries(operation.responses).map(([code, response]) => answer(api, code, response)),
  );
}

function bodyOf(api, type, content) {
  const fields = Object.entries(content.schema?.properties ?? {});
  return el(
    "div",
    {},
    el("h3", {}, `Body: ${type}`),
    fields.length
      ? el(
          "dl",
          {},
          fields.map(([name, field]) => [
            el("dt", {}, el("code", {}, name)),
            el("dd", {}, prose(field.description ?? kind(field))),
          ]),
        )
      : null,
    Object.entries(content.examples ?? {}).map(([name, example]) =>
      el("details", {}, el("summary", {}, `Example: ${name}`), json(example.value)),
    ),
  );
}

function answer(api, code, response) {
  const schema = response.content?.["application/json"]?.schema;
  return el(
    "details",
    {},
    el("summary", {}, `${code} ${response.description ?? ""}`),
    schema ? json(sample(api, schema)) : null,
  );
}

function kind(field) {
  return field.enum ? field.enum.join(" or ") : (field.type ?? "");
}

// Text in which `code` is marked as the descriptions mark it.
function prose(text) {
  return text.split("`").map((piece, index) => (index % 2 ? el("code", {}, piece) : piece));
}

function json(value) {
  return el("pre", {}, JSON.stringify(value, null, 2));
}

// A value that fits a schema: its example, or its type's name.
function sample(api, schema) {
  if (schema.$ref) return sample(api, api.components.schemas[schema.$ref.split("/").pop()]);
  if (schema.examples?.length) return schema.examples[0];
  if ("const" in schema) return schema.const;
  if (schema.enum) return schema.enum.join("|");
  if (schema.anyOf) return sample(api, schema.anyOf[0]);
  if (schema.type === "array") return [sample(api, schema.items ?? {})];
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, field]) => [name, sample(api, field)]));
  }
  return schema.type ?? "any";
}
