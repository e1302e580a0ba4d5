<#
.SYNOPSIS
Draws targets beside the training digits that help and hurt them most, as an SVG picture.

.DESCRIPTION
The picture of the README, from the demo's run: ./build.sh demo, then this.

.EXAMPLE
./examples/digits/picture.ps1 -Path out/influencers.svg
#>
param(
    # The run, and the targets to draw.
    [string] $RunPath = 'out/demo/run',
    [int[]] $Target = (198, 0, 89),

    # Digits of each sign.
    [int] $Top = 4,

    # The picture; one that is there is replaced.
    [string] $Path = 'docs/influencers.svg'
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../Datamodels.psd1')
$run = Get-SubsetTraining $RunPath
$side = $run.Data.ImageShape.Height
$invariant = [cultureinfo]::InvariantCulture

# Pixels of a picture, in units of a pixel of a digit.
$step = 3
$cell = $side * $step + 12
$rowHeight = $side * $step + 26
$left = 16
$gap = 20

function Format-Text([double] $X, [double] $Y, [string] $Class, [string] $Text) {
    $where = [string]::Format($invariant, 'x="{0}" y="{1}"', $X, $Y)
    "<text $where class=`"$Class`">$([System.Security.SecurityElement]::Escape($Text))</text>"
}

# A digit, dark on light; pixels without ink are left out.
function Format-Digit([object] $Example, [double] $X, [double] $Y) {
    $size = $side * $step
    "<rect x=`"$X`" y=`"$Y`" width=`"$size`" height=`"$size`" class=`"paper`"/>"
    foreach ($pixel in 0..($side * $side - 1)) {
        $ink = [Math]::Round($Example.Features[$pixel], 2)
        if ($ink -gt 0) {
            $where = 'x="{0}" y="{1}" width="{2}" height="{2}"' -f ($X + $step * ($pixel % $side)),
                ($Y + $step * [Math]::Floor($pixel / $side)), $step
            "<rect $where opacity=`"$($ink.ToString($invariant))`"/>"
        }
    }
}

$shapes = foreach ($datamodel in $run | Invoke-DatamodelFit -Target $Target) {
    $y = 30 + $rowHeight * [array]::IndexOf($Target, $datamodel.Target)
    $shown = $run | Get-TrainingExample $datamodel.Target -Set Test
    Format-Digit $shown $left $y
    Format-Text $left ($y + $side * $step + 12) 'label' "target $($datamodel.Target)"
    foreach ($sign in 'Positive', 'Negative') {
        $x = $left + $cell + $gap + ($sign -eq 'Negative' ? $Top * $cell + $gap : 0)
        foreach ($influencer in $datamodel | Get-Influencers -Top $Top -Sign $sign) {
            Format-Digit ($run | Get-TrainingExample $influencer.Example) $x $y
            Format-Text $x ($y + $side * $step + 12) $sign.ToLowerInvariant() (
                $influencer.Weight.ToString('+0.00;-0.00', $invariant))
            $x += $cell
        }
    }
}

$width = $left + (2 * $Top + 1) * $cell + 2 * $gap
$height = 30 + $rowHeight * $Target.Count
$helping = Format-Text ($left + $cell + $gap) 18 'head' 'training digits that help most'
$hurting = Format-Text ($left + $cell + 2 * $gap + $Top * $cell) 18 'head' 'that hurt most'
$lines = @(
    "<svg xmlns=`"http://www.w3.org/2000/svg`" viewBox=`"0 0 $width $height`" width=`"$(2 * $width)`" role=`"img`">"
    '<title>Test digits, and the training digits that help and hurt their predictions most, with their weights</title>'
    '<style>text{font:9px sans-serif;fill:#555}.head{font-size:10px}.positive{fill:#0b62a4}.negative{fill:#b5480d}'
    '.paper{fill:#fff;stroke:#999;stroke-width:.5}.ground{fill:#fafafa}</style>'
    "<rect width=`"$width`" height=`"$height`" class=`"ground`"/>"
    $helping, $hurting
    $shapes
    '</svg>'
) | ForEach-Object { $_ }
$file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
[System.IO.File]::WriteAllText($file, ($lines -join "`n") + "`n")
