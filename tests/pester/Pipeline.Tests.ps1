BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $null = & "$PSScriptRoot/Import-Datamodels.ps1"
    $digits = "$root/examples/digits/digits.csv.gz"

    # A small part of the digits, so that there are more models than examples.
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    $data = Import-TrainingData "$TestDrive/small.csv" -TestSize 20 -Scaling UnitRange -ImageShape 8x8 -Seed 3
    $learner = New-Learner -Hidden 16
    $run = $data | Start-SubsetTraining "$TestDrive/run" -Count 1000 -Learner $learner -Seed 5
    $datamodels = $run | Invoke-DatamodelFit
    $strongest = $datamodels | Sort-Object NonzeroCount | Select-Object -Last 1
}

Describe 'Get-TrainingExample' {
    It 'says of each example where it was read, and what of it is trained on' {
        $lines = Get-Content "$TestDrive/small.csv"
        $examples = $data | Get-TrainingExample
        $examples.Example | Should -Be (0..($data.TrainCount - 1))
        foreach ($example in @($examples)[0, 100, -1] + @($data | Get-TrainingExample 7 -Set Test)) {
            $example.Place | Should -Match 'small\.csv, line \d+$'
            $cells = $lines[[int]($example.Place -replace '.*line ') - 1] -split ','
            $example.Label | Should -Be $cells[-1]
            $example.Features | Should -HaveCount 64
            # Pixels from 0 to 16, scaled to 0 to 1.
            $example.Features | ForEach-Object { $_ * 16 } | Should -Be $cells[0..63]
        }
    }

    It 'takes the examples of influencers, leaks and brittle sets from the pipe' {
        $influencers = $strongest | Get-Influencers -Top 3
        $shown = $influencers | Get-TrainingExample -Data $data
        $shown.Example | Should -Be $influencers.Example
        $shown.Label | Should -Be $influencers.ExampleLabel
        $leaks = $datamodels | Find-DataLeak | Select-Object -First 2
        ($leaks | Get-TrainingExample -Data $data).Example | Should -Be $leaks.Example
        $set = $datamodels | Find-BrittleSet | Where-Object Size | Select-Object -First 1
        ($set | Get-TrainingExample -Data $data).Example | Should -Be @($set.Examples)
        ($run | Get-TrainingExample 4).Example | Should -Be 4
    }

    It 'makes data that is gone an error of its run alone' {
        Copy-Item "$TestDrive/small.csv" "$TestDrive/gone.csv"
        $null = Import-TrainingData "$TestDrive/gone.csv" -TestSize 20 |
            Start-SubsetTraining "$TestDrive/without-data" -Count 3 -Learner $learner
        Remove-Item "$TestDrive/gone.csv"
        $both = Get-SubsetTraining "$TestDrive/without-data", $run.Path
        $found = $both | Get-TrainingExample 4 -ErrorAction SilentlyContinue -ErrorVariable problems
        $found.Example | Should -Be 4
        $problems.FullyQualifiedErrorId | Should -BeLike 'DataFileNotFound,*'
        $made = $both | Start-SubsetTraining "$TestDrive/again" -Count 3 -ErrorAction SilentlyContinue -ErrorVariable problems
        $made.Learner | Should -Be $run.Learner
        $problems.FullyQualifiedErrorId | Should -BeLike 'DataFileNotFound,*'
    }

    It 'refuses an example that is not there, by an error of its own' {
        $found = 500000, 2 | ForEach-Object { $data | Get-TrainingExample $_ -ErrorAction SilentlyContinue }
        $found.Example | Should -Be 2
        { $data | Get-TrainingExample -1 -ErrorAction Stop } |
            Should -Throw '*-1*numbered 0 to*' -ErrorId 'ExampleOutOfRange,*'
    }
}

Describe 'Import-TrainingData' {
    It 'reads a compressed file without a header, the label in the last column' {
        $whole = Import-TrainingData $digits -TestSize 20 -ImageShape 8x8
        $whole.TrainCount | Should -Be 1777
        $whole.TestCount | Should -Be 20
        $whole.FeatureCount | Should -Be 64
        $whole.Classes | Should -Be (0..9)
        "$($whole.ImageShape)" | Should -Be '8x8'
    }

    It 'splits the same for the same seed, and otherwise for another' {
        $again = Import-TrainingData "$TestDrive/small.csv" -TestSize 20 -Scaling UnitRange -Seed 3
        $other = Import-TrainingData "$TestDrive/small.csv" -TestSize 20 -Scaling UnitRange -Seed 4
        $again.Fingerprint | Should -Be $data.Fingerprint
        $other.Fingerprint | Should -Not -Be $data.Fingerprint
    }

    It 'reads a header and a label column by name' {
        $rows = 0..19 | ForEach-Object { [pscustomobject]@{ kind = 'a', 'b' | Select-Object -Index ($_ % 2); x = $_; y = -$_ } }
        $rows | Export-Csv "$TestDrive/named.csv"
        $named = Import-TrainingData "$TestDrive/named.csv" -Header -LabelColumn kind -TestSize 0.2
        $named.Classes | Should -Be 'a', 'b'
        $named.TrainCount | Should -Be 16
    }

    It 'takes wildcards, strings and files from the pipe' {
        Copy-Item $digits "$TestDrive/one.csv.gz"
        Copy-Item $digits "$TestDrive/[two].csv.gz"
        (Import-TrainingData "$TestDrive/o*.csv.gz").Count | Should -Be 1
        ("$TestDrive/one.csv.gz" | Import-TrainingData).TrainCount | Should -BeGreaterThan 1000
        @(Get-ChildItem "$TestDrive/*.csv.gz" | Import-TrainingData).Count | Should -Be 2
        (Import-TrainingData -LiteralPath "$TestDrive/[two].csv.gz").TrainCount | Should -BeGreaterThan 1000
    }

    It 'makes one set of all files of one call, and one of each from the pipe' {
        $lines = Get-Content "$TestDrive/small.csv"
        foreach ($part in 0..2) {
            $lines[(100 * $part)..(100 * $part + 99)] | Set-Content "$TestDrive/piece-$part.csv"
        }

        $expected = (Import-TrainingData "$TestDrive/small.csv" -TestSize 20).Fingerprint
        $pieces = 0..2 | ForEach-Object { "$TestDrive/piece-$_.csv" }
        (Import-TrainingData $pieces -TestSize 20).Fingerprint | Should -Be $expected
        (Import-TrainingData "$TestDrive/piece-*.csv" -TestSize 20).Fingerprint | Should -Be $expected
        (Import-TrainingData -LiteralPath $pieces -TestSize 20).Fingerprint | Should -Be $expected
        (Import-TrainingData (Get-ChildItem "$TestDrive/piece-*.csv") -TestSize 20).Fingerprint | Should -Be $expected
        ($pieces | Import-TrainingData -TestSize 20).TrainCount | Should -Be 80, 80, 80
        (Get-ChildItem "$TestDrive/piece-*.csv" | Import-TrainingData -TestSize 20).TrainCount | Should -Be 80, 80, 80
        Import-TrainingData "$TestDrive/piece-0.csv", "$TestDrive/missing.csv" `
            -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem.Exception.Message | Should -BeLike '*missing.csv*'
    }

    It 'takes a test set of its own, from -TestPath or from the names in a folder, and a part of both' {
        $lines = Get-Content "$TestDrive/small.csv"
        $folder = (New-Item "$TestDrive/named sets" -ItemType Directory).FullName
        $lines[0..219] | Set-Content "$folder/train.csv"
        $lines[220..299] | Set-Content "$folder/test.csv"
        $named = Import-TrainingData $folder
        $named.TrainCount, $named.TestCount | Should -Be 220, 80
        $named.Name | Should -Be 'named sets'
        (Import-TrainingData "$folder/tr*.csv" -TestPath "$folder/te*.csv").Fingerprint | Should -Be $named.Fingerprint
        (Get-Item $folder | Import-TrainingData).Fingerprint | Should -Be $named.Fingerprint
        $part = Import-TrainingData $folder -TrainSize 100 -TestSize 0.5 -Seed 4
        $part.TrainCount, $part.TestCount | Should -Be 100, 40

        $made = $part | Start-SubsetTraining "$TestDrive/of-part" -Count 2 -Learner $learner
        (Get-SubsetTraining $made.Path).Data.Fingerprint | Should -Be $part.Fingerprint
        Import-TrainingData $folder -TrainSize 101 -TestSize 0.5 -Seed 4 |
            Start-SubsetTraining "$TestDrive/of-part" -Count 2 -Learner $learner `
                -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.Exception.Message | Should -BeLike "*TrainSize is 100 in the run, 101 is asked for*"
    }

    It 'reads images with the shape that their format says' {
        [byte[]] $labels = 0..199 | ForEach-Object { $_ % 2 }
        [byte[]] $pixels = 0..(200 * 6 - 1) | ForEach-Object { $_ % 251 }
        [System.IO.File]::WriteAllBytes("$TestDrive/some-labels-idx1-ubyte", [byte[]](0, 0, 8, 1, 0, 0, 0, 200) + $labels)
        [System.IO.File]::WriteAllBytes(
            "$TestDrive/some-images-idx3-ubyte", [byte[]](0, 0, 8, 3, 0, 0, 0, 200, 0, 0, 0, 2, 0, 0, 0, 3) + $pixels)
        $images = Import-TrainingData "$TestDrive/some-images-idx3-ubyte" -Scaling StandardizeChannels
        "$($images.ImageShape)" | Should -Be '2x3'
        $images.TrainCount, $images.TestCount | Should -Be 160, 40
    }

    It 'says what is wrong with a file, and where' {
        [System.IO.File]::WriteAllBytes("$TestDrive/cut.bin", [byte[]]::new(3000))
        Import-TrainingData "$TestDrive/cut.bin" -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem.Exception.Message | Should -BeLike '*cut.bin*3000 bytes*CIFAR-10 (3073 bytes)*'
        $problem.CategoryInfo.Category | Should -Be 'InvalidData'
    }

    It 'takes brackets escaped, as completion of a path writes them' {
        Copy-Item "$TestDrive/small.csv" -Destination "$TestDrive/[x] 1.csv"
        $typed = (TabExpansion2 ($line = "Import-TrainingData '$TestDrive/[x") $line.Length).CompletionMatches[0].CompletionText
        $typed | Should -BeLike '*``[[]x``] 1.csv*'
        (Invoke-Expression "Import-TrainingData $typed -TestSize 20").TrainCount | Should -Be 280
        $made = $data | Start-SubsetTraining "$TestDrive/made ``[y``]" -Count 2 -Learner $learner
        Split-Path $made.Path -Leaf | Should -Be 'made [y]'
        (Get-SubsetTraining "$TestDrive/made ``[y``]").CompletedCount | Should -Be 2
    }

    It 'finds paths from the current location of PowerShell' {
        Copy-Item $digits "$TestDrive/here.csv.gz"
        Push-Location $TestDrive
        try {
            (Import-TrainingData ./here.csv.gz).FeatureCount | Should -Be 64
        } finally {
            Pop-Location
        }
    }

    It 'goes on after a file that is not there' {
        $read = "$TestDrive/missing.csv", $digits | Import-TrainingData -ErrorVariable problems -ErrorAction SilentlyContinue
        @($read).Count | Should -Be 1
        $problems.Count | Should -Be 1
        $problems[0].Exception.Message | Should -BeLike '*missing.csv*'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'goes on after a path that cannot be one of a file: <_>' `
        -ForEach 'nowhere:digits.csv', 'nowhere:*.csv', 'Env:PATH', 'no*such.csv' {
        $read = $_, "$TestDrive/small.csv" | Import-TrainingData -TestSize 20 `
            -ErrorVariable problems -ErrorAction SilentlyContinue
        @($read).Count | Should -Be 1
        $problems[0].Exception.Message | Should -BeLike "*$([WildcardPattern]::Escape($_))*"
    }
}

Describe 'Start-SubsetTraining' {
    It 'trains every model' {
        $run.IsComplete | Should -BeTrue
        $run.CompletedCount | Should -Be 1000
        $run.Path | Should -Be (Join-Path (Resolve-Path $TestDrive).ProviderPath 'run')
    }

    It 'leaves a finished run as it is' {
        $before = Get-ChildItem "$TestDrive/run" -File | Get-FileHash
        $again = $data | Start-SubsetTraining "$TestDrive/run" -Count 1000 -Learner $learner -Seed 5
        $again.IsComplete | Should -BeTrue
        (Get-ChildItem "$TestDrive/run" -File | Get-FileHash).Hash | Should -Be $before.Hash
    }

    It 'makes the same bytes with any throttle limit' {
        $null = $data | Start-SubsetTraining "$TestDrive/one-thread" -Count 1000 -Learner $learner -Seed 5 -ThrottleLimit 1
        foreach ($file in 'subsets.npy', 'margins.npy', 'completed.npy') {
            (Get-FileHash "$TestDrive/one-thread/$file").Hash | Should -Be (Get-FileHash "$TestDrive/run/$file").Hash
        }
    }

    It 'makes nothing with -WhatIf' {
        $data | Start-SubsetTraining "$TestDrive/what-if" -WhatIf | Should -BeNullOrEmpty
        "$TestDrive/what-if" | Should -Not -Exist
    }

    It 'makes the folder datamodels-run where PowerShell is, unless told otherwise' {
        Push-Location $TestDrive
        try {
            $made = $data | Start-SubsetTraining -Count 2 -Learner $learner
        } finally {
            Pop-Location
        }

        $made.Path | Should -Be (Join-Path (Resolve-Path $TestDrive).ProviderPath 'datamodels-run')
    }

    It 'refuses a run of another specification, and says in what it differs' {
        $data | Start-SubsetTraining "$TestDrive/run" -Count 1000 -Learner $learner -Seed 51 `
            -ErrorVariable problem -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        $problem.Exception.Message | Should -BeLike '*51*'
        $problem.CategoryInfo.Category | Should -Be 'ResourceExists'
        (Get-SubsetTraining "$TestDrive/run").CompletedCount | Should -Be 1000
    }

    It 'gives a run more subsets, keeps what it holds, and never takes any away' {
        Copy-Item "$TestDrive/run" "$TestDrive/grown" -Recurse
        $grown = $data | Start-SubsetTraining "$TestDrive/grown" -Count 1010 -Learner $learner -Seed 5 -Verbose 4>&1
        $grown[-1].CompletedCount | Should -Be 1010
        $grown | Out-String | Should -BeLike '*1000 of 1010 models*'
        $null = $data | Start-SubsetTraining "$TestDrive/at-once" -Count 1010 -Learner $learner -Seed 5
        foreach ($file in Get-ChildItem "$TestDrive/at-once") {
            (Get-FileHash "$TestDrive/grown/$($file.Name)").Hash | Should -Be (Get-FileHash $file).Hash
        }

        $data | Start-SubsetTraining "$TestDrive/grown" -Count 1000 -Learner $learner -Seed 5 `
            -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem.Exception.Message | Should -BeLike '*1010*1000*never fewer*'
        $problem.CategoryInfo.Category | Should -Be 'ResourceExists'
    }

    It 'trains convolutional networks, and refuses layers that the data does not fit before it makes anything' {
        $layers = 'conv 4 3x3, batchNorm, relu, maxPool 2', 'residual(conv 4 3x3, relu)', 'dense'
        $settings = @{ EpochCount = 2; Flip = $true; Translate = 1; Cutout = 2; FlipAtTest = $true }
        $images = $data | Start-SubsetTraining "$TestDrive/images" -Count 6 -Learner (New-Learner -Layer $layers @settings)
        $images.CompletedCount | Should -Be 6
        (Get-SubsetTraining "$TestDrive/images").Spec.Learner | Should -Be $images.Spec.Learner

        $stop = @{ Count = 2; ErrorAction = 'Stop' }
        { $data | Start-SubsetTraining "$TestDrive/none" @stop -Learner (New-Learner -Layer 'maxPool 9, dense') } |
            Should -Throw "Layer 1 of the learner, 'maxPool 9', gets 1 channel of 8x8*" -ErrorId 'LayerDoesNotFit,*'
        $plain = Import-TrainingData "$TestDrive/small.csv" -TestSize 20
        { $plain | Start-SubsetTraining "$TestDrive/none" @stop -Learner (New-Learner -Layer 'dense') } |
            Should -Throw '*no image shape*' -ErrorId 'ImageShapeMissing,*'
        "$TestDrive/none" | Should -Not -Exist
    }

    It 'refuses an alpha of <_>' -ForEach 0, 1, -0.5, ([double]::NaN) {
        { $data | Start-SubsetTraining "$TestDrive/alpha" -Alpha $_ } | Should -Throw '*alpha*' -ErrorId 'AlphaOutOfRange,*'
        "$TestDrive/alpha" | Should -Not -Exist
    }

    It 'says where it trains and with which seed' {
        $said = $data | Start-SubsetTraining "$TestDrive/run" -Count 1000 -Learner $learner -Seed 5 -Verbose 4>&1 | Out-String
        $said | Should -BeLike '*seed 5*run*'
    }

    It 'says which models were trained again because their checksum was wrong' {
        Copy-Item "$TestDrive/run" "$TestDrive/damaged" -Recurse
        $bytes = [System.IO.File]::ReadAllBytes("$TestDrive/damaged/margins.npy")
        $bytes[-1] = $bytes[-1] -bxor 255
        [System.IO.File]::WriteAllBytes("$TestDrive/damaged/margins.npy", $bytes)
        $mended = $data | Start-SubsetTraining "$TestDrive/damaged" -Count 1000 -Learner $learner -Seed 5 `
            -WarningVariable warned -WarningAction SilentlyContinue
        $mended.IsComplete | Should -BeTrue
        "$warned" | Should -BeLike '1 of the models*checksum*'
        (Get-FileHash "$TestDrive/damaged/margins.npy").Hash | Should -Be (Get-FileHash "$TestDrive/run/margins.npy").Hash
    }
}

Describe 'Get-SubsetTraining' {
    It 'opens a run by its folder and reads its data again' {
        $opened = Get-SubsetTraining "$TestDrive/run"
        $opened.Spec.Plan.Seed | Should -Be 5
        $opened.Data.Fingerprint | Should -Be $data.Fingerprint
    }

    It 'takes folders from the pipe' {
        (Get-Item "$TestDrive/run" | Get-SubsetTraining).ModelCount | Should -Be 1000
        ("$TestDrive/ru*" | Get-SubsetTraining).ModelCount | Should -Be 1000
    }

    It 'refuses a file that was cut short, and changes nothing' {
        Copy-Item "$TestDrive/run" "$TestDrive/cut" -Recurse
        $bytes = [System.IO.File]::ReadAllBytes("$TestDrive/cut/margins.npy")
        [System.IO.File]::WriteAllBytes("$TestDrive/cut/margins.npy", $bytes[0..999])
        Get-SubsetTraining "$TestDrive/cut" -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem.Exception.Message | Should -BeLike '*margins.npy*'
        $problem.CategoryInfo.Category | Should -Be 'InvalidData'
        (Get-Item "$TestDrive/cut/margins.npy").Length | Should -Be 1000
    }

    It 'refuses a folder without a run' {
        $null = New-Item "$TestDrive/empty" -ItemType Directory -Force
        Get-SubsetTraining "$TestDrive/empty" -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem.Exception.Message | Should -BeLike '*empty*'
    }
}

Describe 'Invoke-DatamodelFit' {
    It 'gives one datamodel per target, in order' {
        $datamodels.Target | Should -Be (0..19)
        $datamodels | Where-Object { -not $_.Converged } | Should -BeNullOrEmpty
    }

    It 'fits the targets asked for, in that order' {
        ($run | Invoke-DatamodelFit -Target 7, 2).Target | Should -Be 7, 2
    }

    It 'fits any output of a run that records logits, and only its own of another' {
        $logits = $data | Start-SubsetTraining "$TestDrive/logits" -Count 60 -Learner $learner -Output Logits -Target 3, 8
        ($logits | Invoke-DatamodelFit).Output | Should -Be 'Margin', 'Margin'
        $loss = $logits | Invoke-DatamodelFit -Output Loss
        $loss.Output | Should -Be 'Loss', 'Loss'
        $loss.TargetExample | Should -Be 3, 8
        $loss[0].Bias | Should -Not -Be ($logits | Invoke-DatamodelFit -Target 0).Bias
        $run | Invoke-DatamodelFit -Target 0 -Output Loss -ErrorVariable problem -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -BeLike 'OutputNotRecorded,*'
    }

    It 'gives the same weights with any throttle limit' {
        $one = $run | Invoke-DatamodelFit -Target 4 -ThrottleLimit 1
        "$($one.Examples)" | Should -Be "$($datamodels[4].Examples)"
        "$($one.Weights)" | Should -Be "$($datamodels[4].Weights)"
    }

    It 'says so when models of the run are not there' {
        Copy-Item "$TestDrive/run" "$TestDrive/unfinished" -Recurse
        $bytes = [System.IO.File]::ReadAllBytes("$TestDrive/unfinished/completed.npy")
        [array]::Clear($bytes, $bytes.Length - 4, 4)
        [System.IO.File]::WriteAllBytes("$TestDrive/unfinished/completed.npy", $bytes)
        $fitted = Get-SubsetTraining "$TestDrive/unfinished" | Invoke-DatamodelFit -Target 0 `
            -WarningVariable warned -WarningAction SilentlyContinue
        $fitted.ModelCount | Should -Be 999
        "$warned" | Should -BeLike '*999 of the 1000 models*'
    }

    It 'refuses a target that is not there' {
        $run | Invoke-DatamodelFit -Target 20 -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem.Exception.Message | Should -BeLike '*20*'
        $problem.CategoryInfo.Category | Should -BeIn 'InvalidArgument', 'ObjectNotFound'
    }

    It 'refuses held-out fractions and path ends outside (0, 1)' {
        { $run | Invoke-DatamodelFit -HeldOut 1 -ErrorAction Stop } | Should -Throw '*1*'
        { $run | Invoke-DatamodelFit -Epsilon 0 -ErrorAction Stop } | Should -Throw '*0*'
    }
}

Describe 'Get-Influencers' {
    It 'lists the strongest of both signs, strongest first' {
        $found = $strongest | Get-Influencers -Top 3
        $found | ForEach-Object Rank | Should -Be 1, 2, 3, 1, 2, 3
        $found[0].Weight | Should -BeGreaterOrEqual $found[1].Weight
        $found[3].Weight | Should -BeLessOrEqual $found[4].Weight
        $found.Target | Sort-Object -Unique | Should -Be $strongest.Target
    }

    It 'lists one sign' {
        ($strongest | Get-Influencers -Top 3 -Sign Negative).Weight | Should -BeLessThan 0
        ($strongest | Get-Influencer -Top 3 -Sign Positive).Weight | Should -BeGreaterThan 0
    }
}

Describe 'Find-BrittleSet and Test-BrittleSet' {
    It 'finds a set whose removal brings the predicted margin to the threshold' {
        $found = $datamodels | Find-BrittleSet | Where-Object Status -EQ Found | Select-Object -First 1
        $found.Size | Should -BeGreaterThan 0
        $found.PredictedMargin | Should -BeLessOrEqual 0
        $found.FullMargin | Should -BeGreaterThan 0
    }

    It 'refuses a size factor under 1' {
        { $datamodels[0] | Find-BrittleSet -SizeFactor 0.5 -ErrorAction Stop } |
            Should -Throw '*0.5*' -ErrorId 'SizeFactorOutOfRange,*'
    }

    It 'verifies each set by retraining, the same for the same seed' {
        $sets = $datamodels | Find-BrittleSet | Select-Object -First 3
        $verified = $sets | Test-BrittleSet -RetrainingCount 4 -Seed 2
        $verified.Target | Should -Be $sets.Target
        $verified.ControlMargin | Should -Not -Contain $null
        $again = Test-BrittleSet $sets -RetrainingCount 4 -Seed 2 -ThrottleLimit 1
        $again.RetrainedMargin | Should -Be $verified.RetrainedMargin
    }

    It 'searches the smallest set that retraining confirms' {
        $sets = $datamodels | Find-BrittleSet
        $found = $sets | Test-BrittleSet -Search -RetrainingCount 4 -Seed 2
        $found.Target | Should -Be $sets.Target
        $found.Status | ForEach-Object { $_ | Should -BeIn 'Flipped', 'CannotFlip', 'AlreadyWrong' }
        $flipped = $found | Where-Object Status -EQ Flipped
        $flipped.Count | Should -BeGreaterThan 5
        $flipped.RetrainedMargin | ForEach-Object { $_ | Should -BeLessOrEqual 0 }
        $found | Where-Object Status -NE Flipped | ForEach-Object { $_.Reason | Should -BeLike 'The mean margin of 4 models*' }
    }

    It 'relabels instead of removing, to the runner-up, a class of that name, or a random one' {
        $set = $datamodels[0] | Find-BrittleSet -Mode Flip -RetrainingCount 4
        $set.Mode | Should -Be Flip
        $set.NewLabel | Should -BeIn (0..9)
        $set.NewLabel | Should -Not -Be $set.Label
        ($set | Test-BrittleSet -Search -RetrainingCount 4).Status | Should -Be Flipped
        ($datamodels | Where-Object Label -NE 7 | Find-BrittleSet -Mode Flip -Class 7).NewLabel | Should -Be (@(7) * 18)
        $random = $datamodels | Find-BrittleSet -Mode Flip -RandomClass -Seed 1
        $random.NewLabel | Should -Be ($datamodels | Find-BrittleSet -Mode Flip -RandomClass -Seed 1).NewLabel
        $random | Where-Object { $_.NewLabel -eq $_.Label } | Should -BeNullOrEmpty
    }

    It 'refuses classes that are not there, the target''s own, or without relabelling' {
        { $datamodels[0] | Find-BrittleSet -Mode Flip -Class ten -ErrorAction Stop } |
            Should -Throw "*'ten'*0, 1, 2*" -ErrorId 'ClassUnknown,*'
        { $datamodels[0] | Find-BrittleSet -Mode Flip -Class $datamodels[0].Label -ErrorAction Stop } |
            Should -Throw '*target 0*' -ErrorId 'ClassOfTarget,*'
        { $datamodels[0] | Find-BrittleSet -Class 3 } | Should -Throw '*-Class*Remove*' -ErrorId 'ClassWithoutFlip,*'
    }
}

Describe 'Measure-BrittleSet' {
    It 'sums up each mode: counts, medians, and the cumulative distribution' {
        $sets = 'Remove', 'Flip' | ForEach-Object { $datamodels | Find-BrittleSet -Mode $_ -RetrainingCount 4 } |
            Test-BrittleSet -Search -RetrainingCount 4
        $measures = $sets | Measure-BrittleSet
        $measures.Mode | Should -Be Remove, Flip
        $measures.Targets | Should -Be 20, 20
        foreach ($measure in $measures) {
            $measure.Flipped + $measure.CannotFlip + $measure.AlreadyWrong | Should -Be 20
            $measure.Distribution[-1].Count | Should -Be ($measure.Flipped + $measure.AlreadyWrong)
        }

        $measures[1].MedianSize | Should -BeLessThan $measures[0].MedianSize
        $measures.Distribution | Export-Csv "$TestDrive/distribution.csv"
        (Import-Csv "$TestDrive/distribution.csv")[0].psobject.Properties.Name |
            Should -Be Mode, Size, Count, Fraction, Error
    }

    It 'counts a target once' {
        $sets = $datamodels | Find-BrittleSet
        { Measure-BrittleSet ($sets + $sets[3]) -ErrorAction Stop } | Should -Throw '*3*' -ErrorId 'TargetMeasuredTwice,*'
    }
}

Describe 'Measure-Datamodel' {
    It 'scores the datamodels at each alpha' {
        $scores = $datamodels | Measure-Datamodel -Alpha 0.5, 0.75 -SubsetCount 10 -RetrainingCount 4 -Seed 9
        $scores.Alpha | Should -Be 0.5, 0.75
        $scores.TargetCount | Should -Be 20, 20
        $scores.Lds | ForEach-Object { $_ | Should -BeGreaterThan -1; $_ | Should -BeLessThan 1 }
    }

    It 'says how far the score depends on the subsets drawn, how far off predictions are, and which line they lie on' {
        $score = $datamodels | Measure-Datamodel -SubsetCount 10 -RetrainingCount 4 -Seed 9
        $score.LdsInterval.Low | Should -BeLessThan $score.Lds
        $score.LdsInterval.High | Should -BeGreaterThan $score.Lds
        $score.Rmse | Should -BeGreaterThan 0
        $score.Slope | Should -BeGreaterThan 0
        $score.Targets | Should -Be (0..19)
        ($score.TargetMeasures.Lds | Measure-Object -Average).Average | Should -BeGreaterThan ($score.Lds - 1e-9)
        ($score.TargetMeasures.Lds | Measure-Object -Average).Average | Should -BeLessThan ($score.Lds + 1e-9)
    }

    It 'shows how the score grows with the number of models' {
        $growth = $datamodels[0..4] | Measure-Datamodel -Alpha 0.5, 0.75 -ModelCount 200, 1000 -SubsetCount 10 `
            -RetrainingCount 4 -Seed 9
        $growth.Alpha | Should -Be 0.5, 0.5, 0.75, 0.75
        $growth.ModelCount | Should -Be 200, 1000, 200, 1000
        $growth[1].Lds | Should -BeGreaterThan $growth[0].Lds
        $growth[1].Lds | Should -BeExactly ($datamodels[0..4] | Measure-Datamodel -SubsetCount 10 -RetrainingCount 4 -Seed 9).Lds
        $few = $run | Invoke-DatamodelFit -Target 3 -ModelCount 200
        $few.ModelCount | Should -Be 200
        $growth[0].TargetMeasures[3].Datamodel.Bias | Should -BeExactly $few.Bias
        $found = $datamodels[0] | Measure-Datamodel -ModelCount 1001, 1000 -SubsetCount 10 -RetrainingCount 4 -Seed 9 `
            -ErrorVariable problem -ErrorAction SilentlyContinue
        $found.ModelCount | Should -Be 1000
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'FitOptionOutOfRange,*'
    }

    It 'scores fits of their own apart' {
        $few = $run | Invoke-DatamodelFit -Target 3 -ModelCount 200
        $both = $datamodels[3], $few | Measure-Datamodel -SubsetCount 10 -RetrainingCount 4 -Seed 9
        $both.ModelCount | Should -Be 1000, 200
    }

    It 'refuses too few subsets before it trains anything' {
        { $datamodels[0] | Measure-Datamodel -SubsetCount 2 -Seed 77 -ErrorAction Stop } |
            Should -Throw '*2*' -ErrorId 'ParameterArgumentValidationError,*'
        "$TestDrive/run/held-out/*seed-77*" | Should -Not -Exist
    }

    It 'refuses the seed of the run itself' {
        { $datamodels[0] | Measure-Datamodel -Seed 5 -ErrorAction Stop } | Should -Throw '*5*' -ErrorId 'HeldOutSeed,*'
    }
}

Describe 'The main job in one pipeline' {
    It 'goes from a file to influencers' {
        $found = Import-TrainingData "$TestDrive/small.csv" -TestSize 20 -Scaling UnitRange |
            Start-SubsetTraining -Path "$TestDrive/pipeline" -Count 400 |
            Invoke-DatamodelFit |
            Get-Influencers -Top 5
        $found.Count | Should -BeGreaterThan 100
        $found.Target | ForEach-Object { $_ | Should -BeIn (0..19) }
        $found[0].TargetLabel | Should -BeIn (0..9)
    }

    It 'goes from a run to a table of verified brittle sets' {
        Get-SubsetTraining "$TestDrive/run" | Invoke-DatamodelFit | Find-BrittleSet | Test-BrittleSet -RetrainingCount 2 |
            Export-Csv "$TestDrive/brittle.csv"
        $rows = Import-Csv "$TestDrive/brittle.csv"
        $rows.Count | Should -Be 20
        $rows.Target | Should -Be (0..19)
        $rows[0].Datamodel | Should -BeLike 'datamodel of target 0*'
        $row = $rows | Where-Object { [int]$_.Size -gt 1 } | Select-Object -First 1
        $row.Examples | Should -Match '^\d+( \d+)+$'
        [double]$row.RetrainedMargin | Should -BeLessThan 100
        $row.Status | Should -BeIn 'Flipped', 'NotFlipped'
    }
}

Describe 'Find-DataLeak' {
    It 'finds copies of training examples among the targets, the surest pairs first' {
        # Ten of the training rows are test rows as well.
        $rows = Get-Content "$TestDrive/small.csv"
        $rows[0..249] | Set-Content "$TestDrive/leaky-train.csv"
        $rows[240..289] | Set-Content "$TestDrive/leaky-test.csv"
        $leaky = Import-TrainingData "$TestDrive/leaky-train.csv" -TestPath "$TestDrive/leaky-test.csv" -Scaling UnitRange
        $fits = $leaky | Start-SubsetTraining "$TestDrive/leaky" -Count 4000 -Alpha 0.1 -Learner $learner | Invoke-DatamodelFit
        $pairs = $fits | Find-DataLeak
        $pairs.Count | Should -BeGreaterThan 40
        $pairs.Score | Should -Be ($pairs.Score | Sort-Object -Descending)
        @($pairs | Where-Object { $_.Target -lt 10 -and $_.Example -eq 240 + $_.Target }).Count | Should -BeGreaterOrEqual 9
        @($fits | Find-DataLeak -Top 3 | Where-Object Target -EQ 0).Count | Should -Be 3
        ($pairs | Select-Object -First 5 | Out-String) | Should -Match 'RelativeWeight +Score'
    }
}
