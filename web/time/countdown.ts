export * from "../../src/core/countdown.ts"
