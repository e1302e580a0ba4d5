# Writes the first 300 of the digits as plain CSV: enough for datamodels that mean something, small enough for seconds.
param([Parameter(Mandatory)] [string] $Path)

$reader = [System.IO.StreamReader]::new(
    [System.IO.Compression.GZipStream]::new(
        [System.IO.File]::OpenRead("$PSScriptRoot/../../examples/digits/digits.csv.gz"),
        [System.IO.Compression.CompressionMode]::Decompress))
try {
    1..300 | ForEach-Object { $reader.ReadLine() } | Set-Content $Path
} finally {
    $reader.Dispose()
}
