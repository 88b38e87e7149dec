import { createRoot } from "react-dom/client"
import { App } from "./app.tsx"
import { openTheme } from "./theme/mode.ts"
import { openWords } from "./words/words.ts"
import "./theme/base.css"
import "./marks/marks.css"

openTheme()
await openWords()
createRoot(document.getElementById("root")!).render(<App />)
