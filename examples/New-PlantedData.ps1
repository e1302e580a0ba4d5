# Training data of one of the examples with copies of training examples among its test examples: first the clean ones, then the
# first training examples as they are, then the next ones with noise. Written as CSV, the label last.
param(
    [Parameter(Mandatory)] [ValidateSet('digits', 'mnist5k')] [string] $Name,
    [Parameter(Mandatory)] [string] $Output,
    [int] $Train = ($Name -eq 'digits' ? 1497 : 5000),
    [int] $Clean = 300,
    [int] $Copies = 150,

    # Standard deviation of the noise, as a fraction of the range of the pixels.
    [double] $Noise = 0.3
)

$ErrorActionPreference = 'Stop'
# The first examples of an IDX file, a line for each: behind a header of 16 bytes the pixels, behind one of 8 the labels.
function Read-Idx([string] $Set, [int] $Count) {
    $images = [System.IO.File]::ReadAllBytes((Join-Path $PSScriptRoot "mnist5k/data/$Set-images-idx3-ubyte"))
    $labels = [System.IO.File]::ReadAllBytes((Join-Path $PSScriptRoot "mnist5k/data/$Set-labels-idx1-ubyte"))
    foreach ($i in 0..($Count - 1)) {
        [string]::Join(',', $images[(16 + 784 * $i)..(15 + 784 * ($i + 1))]) + ",$($labels[8 + $i])"
    }
}

if ($Name -eq 'digits') {
    $range = 16
    $file = [System.IO.File]::OpenRead((Join-Path $PSScriptRoot 'digits/digits.csv.gz'))
    $reader = [System.IO.StreamReader]::new([System.IO.Compression.GZipStream]::new(
        $file, [System.IO.Compression.CompressionMode]::Decompress))
    $lines = $reader.ReadToEnd() -split '\r?\n'
    $reader.Dispose()
    $trainLines = $lines[0..($Train - 1)]
    $cleanLines = $lines[$Train..($Train + $Clean - 1)]
} else {
    $range = 255
    $trainLines = Read-Idx train $Train
    $cleanLines = Read-Idx t10k $Clean
}

$random = [System.Random]::new(0)
$noisy = foreach ($line in $trainLines[$Copies..(2 * $Copies - 1)]) {
    $numbers = $line -split ','
    for ($k = 0; $k -lt $numbers.Count - 1; $k++) {
        # Box and Muller.
        $normal = [Math]::Sqrt(-2 * [Math]::Log(1 - $random.NextDouble())) * [Math]::Cos(2 * [Math]::PI * $random.NextDouble())
        $numbers[$k] = ([double] $numbers[$k] + $Noise * $range * $normal).ToString('0.000', [cultureinfo]::InvariantCulture)
    }
    $numbers -join ','
}

$folder = (New-Item $Output -ItemType Directory -Force).FullName
$trainLines | Set-Content (Join-Path $folder 'train.csv')
$cleanLines + $trainLines[0..($Copies - 1)] + $noisy | Set-Content (Join-Path $folder 'test.csv')
Import-TrainingData (Join-Path $folder 'train.csv') -TestPath (Join-Path $folder 'test.csv') -Scaling UnitRange
