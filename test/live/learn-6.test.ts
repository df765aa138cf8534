/** docs/learn.md is true: chapter 6. */
import { playChapter } from './support-learn.ts'

playChapter(6)
