export * from "../../src/core/dates.ts"
