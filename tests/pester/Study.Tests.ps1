# The study of the examples, with few models; examples/study.ps1 digits -Check is the whole of it.

BeforeAll {
    $null = & "$PSScriptRoot/Import-Datamodels.ps1"
    $root = Split-Path (Split-Path $PSScriptRoot)
    $digits = Join-Path $root 'examples/digits'
    $experiment = Join-Path $TestDrive 'experiment.yaml'
    (Get-Content (Join-Path $digits 'experiment.yaml') -Raw) -creplace 'path: ', "path: $digits/" `
        -creplace '(?m)^output: .*', "output: $TestDrive/out" -creplace '\bcount: \d+', 'count: 2000' `
        -creplace '\btargets: \d+', 'targets: 6' -creplace '\bretrainings: \d+', 'retrainings: 2' | Set-Content $experiment
    $small = @{
        Name = 'digits'; Path = $experiment; Targets = 6; RetrainingCount = 2; Size = 1, 20, 160; Count = 1000; LeakCount = 4000
        Clean = 50; Copies = 20
    }
    $figures = & (Join-Path $root 'examples/study.ps1') @small
}

Describe 'The study of an example' {
    It 'measures what the README of the digits states, in the same order' {
        $stated = Get-Content (Join-Path $digits 'README.md') | Where-Object { $_ -match '^\| (.*) \| [-.\d]' } |
            ForEach-Object { $Matches[1] -replace '[\d.,]+', '#' -replace '(# )+', '# ' }
        $figures.Figure -replace '[\d.,]+', '#' -replace '(# )+', '# ' | Should -Be $stated
    }

    It 'finds what it looks for, even by few models' {
        $of = @{}
        $figures | ForEach-Object { $of[$_.Figure] = $_.Measured }
        [double] ($of['effects of 72 removals, from datamodels at alpha 0.5: Spearman, Pearson'] -split ',')[0] |
            Should -BeGreaterThan 0.8
        $copies = $of['planted copies found first by datamodels: exact, with noise'] -split ',' | ForEach-Object { [double] $_ }
        # By chance it would be one in 1,497.
        $copies[0] | Should -BeGreaterThan 0.3
    }

    It 'writes the figures as a table, and says where a README has others' {
        $table = Get-Content "$TestDrive/out/study.md"
        $table.Count | Should -Be ($figures.Count + 2)
        $table[2] | Should -Be "| $($figures[0].Figure) | $($figures[0].Measured) |"
        { & (Join-Path $root 'examples/study.ps1') @small -Check } | Should -Throw '*states other figures*'
    }
}
