import type { CodegenConfig } from "@graphql-codegen/cli";

/** Types of every document in `src/`, from the schema that the server prints. Not committed: written before each use. */
const config: CodegenConfig = {
  schema: "../api/schema.graphql",
  documents: ["{src,tests}/**/*.{ts,tsx}", "!src/gql/**"],
  ignoreNoDocuments: true,
  generates: {
    "./src/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: "string",
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: "unknown",
        scalars: { DateTime: "string", ID: "string", JSON: "unknown" },
      },
    },
  },
};

export default config;
