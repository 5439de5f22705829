## Words that all forms share

form-errors-title = There is something to correct
form-error-prefix = Error:{" "}
form-limit = Up to { $n } characters
form-left = Characters left: { $n }
form-over = Characters too many: { $n }
form-too-long = Use at most { $most } characters
