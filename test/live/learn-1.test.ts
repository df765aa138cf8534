/** docs/learn.md is true: chapter 1. */
import { playChapter } from './support-learn.ts'

playChapter(1)
