/** docs/learn.md is true: chapter 5. */
import { playChapter } from './support-learn.ts'

playChapter(5)
