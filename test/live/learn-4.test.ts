/** docs/learn.md is true: chapter 4. */
import { playChapter } from './support-learn.ts'

playChapter(4)
