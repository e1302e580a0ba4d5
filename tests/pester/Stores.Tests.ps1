BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $null = & "$PSScriptRoot/Import-Datamodels.ps1"

    Set-Alias Save-Array "$PSScriptRoot/Save-Array.ps1"

    # 120 models of 12 training examples, and two targets: the first likes example 1, the second hates it.
    function New-Store([string] $Name) {
        $folder = (New-Item "$TestDrive/$Name" -ItemType Directory).FullName
        $masks = [byte[]]::new(120 * 12)
        $margins = [float[]]::new(120 * 2)
        foreach ($i in 0..119) {
            foreach ($j in 0..11) { $masks[12 * $i + $j] = ($i * $i * (3 * $j + 5) + 7 * $i * $j + $j * $j) % 101 -lt 50 }
            $noise = ($i * 37 % 41 - 20) / 100
            $margins[2 * $i] = 1.5 + $masks[12 * $i + 1] + $noise
            $margins[2 * $i + 1] = 2 - $masks[12 * $i + 1] + $noise
        }

        $bytes = [byte[]]::new(4 * $margins.Length)
        [System.Buffer]::BlockCopy($margins, 0, $bytes, 0, $bytes.Length)
        Save-Array "$folder/masks.npy" '|b1' 120, 12 $masks
        Save-Array "$folder/margins.npy" '<f4' 120, 2 $bytes
        $folder
    }

    $one = New-Store one
    $two = New-Store two
    Save-Array "$two/_completed.npy" '|b1' @(120) (@(1) * 100 + @(0) * 20)
    $datamodels = Import-SubsetTraining $one | Invoke-DatamodelFit
}

Describe 'Import-SubsetTraining' {
    It 'gives a run of the store, which is fitted as any other' {
        $run = Import-SubsetTraining $one
        $run.ModelCount, $run.CompletedCount, $run.TrainCount, $run.TargetCount | Should -Be 120, 120, 12, 2
        $run.State | Should -Be Complete
        "$($run.Spec.Learner)" | Should -Be 'models trained elsewhere'
        $run | Out-String | Should -BeLike '*120*120*Complete*'
        $datamodels.Count | Should -Be 2
        $datamodels.Label | Should -Be '0', '1'
        $datamodels[0] | Get-Influencers -Top 1 -Sign Positive | ForEach-Object Example | Should -Be 1
        ($datamodels[1] | Get-Influencers -Top 1 -Sign Negative).ExampleLabel | Should -Be '1'
        ($datamodels | Find-BrittleSet).Count | Should -Be 2
    }

    It 'takes wildcards, strings, folders and literal paths, and goes on after one that is no store' {
        (Import-SubsetTraining "$TestDrive/t*").Path | Should -Be $two
        (Import-SubsetTraining $one, $two).Path | Should -Be $one, $two
        ($one, $two | Import-SubsetTraining).Path | Should -Be $one, $two
        (Get-Item $one, $two | Import-SubsetTraining).Path | Should -Be $one, $two
        (Import-SubsetTraining -LiteralPath $one).Path | Should -Be $one
        $found = "$TestDrive/missing", $two | Import-SubsetTraining -ErrorVariable problem -ErrorAction SilentlyContinue
        $found.Path | Should -Be $two
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'StoreNotFound,*'
    }

    It 'leaves out models that are not completed, and the fit says how many it has' {
        $run = Import-SubsetTraining $two
        $run.ModelCount, $run.CompletedCount | Should -Be 120, 100
        $fitted = $run | Invoke-DatamodelFit -WarningVariable warned -WarningAction SilentlyContinue
        $fitted.ModelCount | Should -Be 100, 100
        "$warned" | Should -BeLike '*100 of the 120 models*not completed.'
    }

    It 'names classes where it is given the data, whose sizes must be right' {
        $lines = 0..13 | ForEach-Object { "$_,$('cat', 'dog' | Select-Object -Index ($_ % 2))" }
        $lines[0..11] | Set-Content "$TestDrive/train.csv"
        $lines[12..13] | Set-Content "$TestDrive/test.csv"
        $data = Import-TrainingData "$TestDrive/train.csv" -TestPath "$TestDrive/test.csv"
        $named = Import-SubsetTraining $one -Data $data | Invoke-DatamodelFit
        $named.Label | Should -Be 'cat', 'dog'
        $named.Bias | Should -Be $datamodels.Bias
        ($named[0] | Get-Influencers -Top 1 -Sign Positive).ExampleLabel | Should -Be 'dog'
        $less = Import-TrainingData "$TestDrive/train.csv" -TestSize 2
        { Import-SubsetTraining $one -Data $less -ErrorAction Stop } | Should -Throw -ErrorId 'StoreDataDiffers,*'
    }

    It 'takes arrays of other names, and outputs of another kind' {
        $other = New-Store other
        Rename-Item "$other/masks.npy" 'train_masks.npy'
        Rename-Item "$other/margins.npy" 'confidences.npy'
        { Import-SubsetTraining $other -ErrorAction Stop } |
            Should -Throw '*confidences, train_masks*' -ErrorId 'StoreFileMissing,*'
        $run = Import-SubsetTraining $other -MaskName train_masks -OutputName confidences -Output Probability
        ($run | Invoke-DatamodelFit).Output | Should -Be Probability, Probability
    }

    It 'names the byte of a mask that is neither 0 nor 1' {
        $bad = New-Store bad
        Save-Array "$bad/masks.npy" '|u1' 120, 12 (@(0) * 29 + 2 + @(1) * 1410)
        { Import-SubsetTraining $bad -ErrorAction Stop } |
            Should -Throw '*holds 2 at row 2, column 5*' -ErrorId 'MaskValueInvalid,*'
    }

    It 'says that nothing can be retrained, and that data is missing' {
        $sets = $datamodels | Find-BrittleSet
        { $sets | Test-BrittleSet -ErrorAction Stop } | Should -Throw -ErrorId 'TrainedElsewhere,*'
        { $datamodels[0] | Find-BrittleSet -Mode Flip -ErrorAction Stop } | Should -Throw -ErrorId 'TrainedElsewhere,*'
        { $datamodels | Measure-Datamodel -ErrorAction Stop } | Should -Throw -ErrorId 'TrainedElsewhere,*'
        { $datamodels[0].Training | Get-Attribution Trak -ErrorAction Stop } | Should -Throw -ErrorId 'NetworkNeeded,*'
        { $datamodels[0].Training.get_Data() } | Should -Throw '*Import-SubsetTraining -Data*'
    }

    It 'ranks examples by what needs outputs alone' {
        $first = $datamodels[0].Training | Get-Attribution EmpiricalInfluence -Target 0 -Top 3
        $first | ForEach-Object Rank | Should -Be 1, 2, 3
        $first.Score | Should -Be ($first.Score | Sort-Object -Descending)
    }

    It 'leaves the store as it was, however it is used' {
        $before = Get-ChildItem $one | ForEach-Object { "$($_.Name) $((Get-FileHash $_).Hash)" }
        $before.Count | Should -Be 2
        $null = Import-SubsetTraining $one | Invoke-DatamodelFit | Get-Influencers
        Get-ChildItem $one | ForEach-Object { "$($_.Name) $((Get-FileHash $_).Hash)" } | Should -Be $before
    }
}

Describe 'Export-Datamodel' {
    It 'writes a file, and gives it where that is asked for' {
        $datamodels | Export-Datamodel "$TestDrive/quiet.npz" | Should -BeNullOrEmpty
        $file = $datamodels | Export-Datamodel "$TestDrive/fit.npz" -PassThru
        $file.FullName | Should -Be (Get-Item "$TestDrive/fit.npz").FullName
        $file.Length | Should -BeGreaterThan (8 * 12 * 2)
        (Get-FileHash $file).Hash | Should -Be (Get-FileHash "$TestDrive/quiet.npz").Hash
        $archive = [System.IO.Compression.ZipFile]::OpenRead($file.FullName)
        $archive.Entries.Name | Select-Object -First 4 | Should -Be 'weight.npy', 'bias.npy', 'lam.npy', 'target.npy'
        $archive.Dispose()
    }

    It 'replaces a file only where it is told to' {
        Set-Content "$TestDrive/there.npz" 'mine'
        { $datamodels | Export-Datamodel "$TestDrive/there.npz" } | Should -Throw -ErrorId 'FileExists,*'
        Get-Content "$TestDrive/there.npz" | Should -Be 'mine'
        $datamodels | Export-Datamodel "$TestDrive/there.npz" -Force
        (Get-Item "$TestDrive/there.npz").Length | Should -BeGreaterThan 100
    }

    It 'writes nothing with -WhatIf, of nothing, or of several runs at once' {
        $datamodels | Export-Datamodel "$TestDrive/none.npz" -WhatIf
        { @() | Export-Datamodel "$TestDrive/none.npz" -ErrorAction Stop } | Should -Throw -ErrorId 'NoDatamodels,*'
        $both = $one, $two | Import-SubsetTraining | Invoke-DatamodelFit -WarningAction SilentlyContinue
        { $both | Export-Datamodel "$TestDrive/none.npz" -ErrorAction Stop } | Should -Throw -ErrorId 'RunsDiffer,*'
        "$TestDrive/none.npz" | Should -Not -Exist
    }

    It 'says at once that there is no folder to write to' {
        { Export-Datamodel "$TestDrive/nowhere/fit.npz" -Datamodel $datamodels } | Should -Throw -ErrorId 'FolderNotFound,*'
    }
}

Describe 'Import-Datamodel' {
    BeforeAll {
        $digits = "$root/examples/digits/digits.csv.gz"
        $path = "$TestDrive/run [1]"
        $learner = New-Learner -EpochCount 1 -PeakEpoch 0.5 -Hidden 4
        $run = Import-TrainingData $digits -TrainSize 60 -TestSize 10 -Scaling UnitRange |
            Start-SubsetTraining ([WildcardPattern]::Escape($path)) -Count 120 -Learner $learner
        $fitted = $run | Invoke-DatamodelFit (0..4) -WarningAction SilentlyContinue
        $file = $fitted | Export-Datamodel "$TestDrive/a [1].npz" -PassThru
        $null = $run | Invoke-DatamodelFit (5..6) -Method Ridge | Export-Datamodel "$TestDrive/b.npz"
    }

    It 'gives what was written, to the byte' {
        $read = Import-Datamodel -LiteralPath $file
        $read.Target | Should -Be (0..4)
        "$($read.Weights)" | Should -Be "$($fitted.Weights)"
        $read.Label | Should -Be $fitted.Label
        $read | Out-String | Should -Be ($fitted | Out-String)
        $again = $read | Export-Datamodel "$TestDrive/again.npz" -PassThru
        (Get-FileHash $again).Hash | Should -Be (Get-FileHash -LiteralPath $file).Hash
        Remove-Item $again
    }

    It 'takes wildcards, strings, files and literal paths, and goes on after one that is none' {
        (Import-Datamodel "$TestDrive/[ab]*.npz").Target | Should -Be (0..6)
        (Import-Datamodel "$TestDrive/b.npz").Method | Should -Be Ridge, Ridge
        ("$TestDrive/b.npz" | Import-Datamodel).Count | Should -Be 2
        (Get-Item -LiteralPath $file, "$TestDrive/b.npz" | Import-Datamodel).Count | Should -Be 7
        $found = "$TestDrive/none.npz", "$one/masks.npy", "$TestDrive/b.npz" |
            Import-Datamodel -ErrorVariable problem -ErrorAction SilentlyContinue
        $found.Target | Should -Be 5, 6
        $problem.FullyQualifiedErrorId | Should -Be 'ArchiveNotFound,Datamodels.PowerShell.Commands.ImportDatamodelCommand',
            'ArchiveDamaged,Datamodels.PowerShell.Commands.ImportDatamodelCommand'
        $problem[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $problem[1].TargetObject | Should -Be (Convert-Path "$one/masks.npy")
    }

    It 'gives datamodels that every other cmdlet takes' {
        $read = Import-Datamodel -LiteralPath $file
        ($read | Get-Influencers -Top 2 | Out-String) | Should -Be ($fitted | Get-Influencers -Top 2 | Out-String)
        ($read[0] | Get-DatamodelPrediction -Remove 1, 2).PredictedMargin |
            Should -Be ($fitted[0] | Get-DatamodelPrediction -Remove 1, 2).PredictedMargin
        ($read | Find-BrittleSet | Test-BrittleSet -RetrainingCount 2 | Out-String) |
            Should -Be ($fitted | Find-BrittleSet | Test-BrittleSet -RetrainingCount 2 | Out-String)
        $read | Find-BrittleSet -Mode Flip | Should -Not -BeNullOrEmpty
        ($read | Find-DataLeak | Out-String) | Should -Be ($fitted | Find-DataLeak | Out-String)
        ($read[0] | Invoke-Counterfactual -Size 5 -RetrainingCount 2).Count | Should -BeGreaterThan 0
        ($read | Get-DatamodelEmbedding 2 | Out-String) | Should -Be ($fitted | Get-DatamodelEmbedding 2 | Out-String)
        ($read | Measure-Datamodel -SubsetCount 4 -RetrainingCount 2).Lds | Should -Not -BeNullOrEmpty
    }

    It 'takes the run from where it is now, and no other' {
        $moved = "$TestDrive/moved"
        Move-Item -LiteralPath $path $moved
        { Import-Datamodel -LiteralPath $file -ErrorAction Stop } | Should -Throw '*Get-SubsetTraining*' -ErrorId 'RunNotFound,*'
        (Import-Datamodel -LiteralPath $file -Training (Get-SubsetTraining $moved)).Training.Path |
            Should -Be (@((Convert-Path $moved)) * 5)
        $other = Import-TrainingData $digits -TrainSize 60 -TestSize 10 -Scaling UnitRange |
            Start-SubsetTraining "$TestDrive/other" -Count 120 -Seed 1 -Learner $learner
        { Import-Datamodel "$TestDrive/b.npz" -Training $other -ErrorAction Stop } |
            Should -Throw "*$($other.Path)*" -ErrorId 'RunDiffers,*'
        $elsewhere = $datamodels | Export-Datamodel "$TestDrive/elsewhere.npz" -PassThru
        (Import-Datamodel $elsewhere -Training $datamodels[0].Training).Bias | Should -Be $datamodels.Bias
    }
}

Describe 'Export-SubsetTraining' {
    BeforeAll {
        $run = Import-TrainingData "$root/examples/digits/digits.csv.gz" -TrainSize 60 -TestSize 10 -Scaling UnitRange |
            Start-SubsetTraining "$TestDrive/trained" -Count 120 -Learner (New-Learner -EpochCount 1 -PeakEpoch 0.5 -Hidden 4)
    }

    It 'writes a store that gives the same datamodels' {
        $run | Export-SubsetTraining "$TestDrive/store" | Should -BeNullOrEmpty
        (Get-ChildItem "$TestDrive/store").Name | Sort-Object | Should -Be '_completed.npy', 'margins.npy', 'masks.npy'
        $expected = $run | Invoke-DatamodelFit -WarningAction SilentlyContinue
        $fitted = Import-SubsetTraining "$TestDrive/store" -Data $run.get_Data() |
            Invoke-DatamodelFit -WarningAction SilentlyContinue
        "$($fitted.Weights)" | Should -Be "$($expected.Weights)"
        $fitted.Bias | Should -Be $expected.Bias
        $fitted.Label | Should -Be $expected.Label
        (($run | Export-SubsetTraining "$TestDrive/piped/" -PassThru | Import-SubsetTraining).CompletedCount) | Should -Be 120
    }

    It 'halves the outputs where it is told to, and replaces a store only then' {
        $folder = $run | Export-SubsetTraining "$TestDrive/half" -PassThru
        $folder | Should -BeOfType System.IO.DirectoryInfo
        $whole = (Get-Item "$folder/margins.npy").Length
        { $run | Export-SubsetTraining $folder -HalfPrecision -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        (Get-Item "$folder/margins.npy").Length | Should -Be $whole
        $run | Export-SubsetTraining $folder -HalfPrecision -Force
        (Get-Item "$folder/margins.npy").Length | Should -Be (128 + ($whole - 128) / 2)
    }

    It 'never replaces another folder, and writes nothing with -WhatIf or of two runs' {
        $null = New-Item "$TestDrive/mine" -ItemType Directory
        Set-Content "$TestDrive/mine/notes.txt" 'mine'
        { $run | Export-SubsetTraining "$TestDrive/mine" -Force -ErrorAction Stop } |
            Should -Throw '*notes.txt*' -ErrorId 'StoreFolderForeign,*'
        { $run | Export-SubsetTraining $run.Path -Force -ErrorAction Stop } | Should -Throw -ErrorId 'StoreFolderForeign,*'
        { $run | Export-SubsetTraining "$TestDrive/nowhere/store" } | Should -Throw -ErrorId 'FolderNotFound,*'
        $run | Export-SubsetTraining "$TestDrive/whatif" -WhatIf
        "$TestDrive/whatif" | Should -Not -Exist
        $run, (Import-SubsetTraining $one) |
            Export-SubsetTraining "$TestDrive/both" -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -BeLike 'RunsDiffer,*'
        (Import-SubsetTraining "$TestDrive/both").TrainCount | Should -Be 60
        Get-Content "$TestDrive/mine/notes.txt" | Should -Be 'mine'
    }
}
